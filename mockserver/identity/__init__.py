"""IAM as far as a partner's program needs it: tokens, domains. Knows domain and gateway."""
