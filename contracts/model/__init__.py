"""The stateful model: random sequences of calls, each answer foretold by a small reference model of its own.

`rules` has one module an area, found by being there; `reference` is what they reckon with; `play` carries the calls
and compares; `machine` makes one state machine of all rules; `searching` runs it and makes what it finds small. An area
is a class in a module of `rules`:

    class Cards(Rules):
        '''Stored-value cards.'''

        def begin(self) -> None:
            row = self.play.place("stored_value_cards", customer="model-customer", face_value=10)
            self.world.of(Drawer).cards.append(row["id"])

        @step(pick=picks)
        def show_card(self, pick: int) -> None:
            card = one_of(self.world.of(Drawer).cards, pick)
            self.call("customer", "ListStoredValueCards", Given({"total_count": 1}), card_id=card, status=1)

`begin` brings about what the rules presuppose, `step` marks a rule, `listings` tell what must be listed after each
step (`view` what a query answers that lists nothing), and `self.world.of(...)` keeps the area's own state. What the
control API must not place, `self.play.refuses` tries.
"""
