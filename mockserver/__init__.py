"""huawei-partner-mock: a local emulator of the Huawei Cloud partner APIs."""

__version__ = "0.1.0"
