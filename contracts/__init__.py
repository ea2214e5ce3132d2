"""Contract tests made from `schemas/`: whatever answers the partner APIs is held against what is documented of them."""
