"""What a contract run talks to: the emulator in this process, an emulator at a URL, the real service.

`opening.open_target` makes one from its name; `target.Target` is what all of them are.
"""
