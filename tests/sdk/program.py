"""A partner's program. It knows nothing of any emulator: account, addresses and all come from its environment.

Usage: program.py cn|intl
"""

from __future__ import annotations

import sys

from huaweicloudsdkbss import v2 as china
from huaweicloudsdkbss.v2.region.bss_region import BssRegion
from huaweicloudsdkbssintl import v2 as international
from huaweicloudsdkbssintl.v2.region.bssintl_region import BssintlRegion

SITES = {
    "cn": (china.BssClient, BssRegion.value_of("cn-north-1"), china),
    "intl": (international.BssintlClient, BssintlRegion.value_of("ap-southeast-1"), international),
}

client_class, region, models = SITES[sys.argv[1]]
client = client_class.new_builder().with_region(region).build()
request = models.ListSubCustomersRequest(body=models.QuerySubCustomerListReq(limit=100))
for customer in client.list_sub_customers(request).customer_infos:
    sys.stdout.write(f"{customer.account_name}\n")
client.close()
