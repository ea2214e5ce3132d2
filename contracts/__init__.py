"""Contract tests made from `schemas/`: whoever answers the partner APIs is held to what is documented of them."""
