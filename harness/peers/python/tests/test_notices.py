import unittest

from lakehouse_peer import filters, notices
from lakehouse_peer.store import object_of

ITEMS = [
    object_of(text)
    for text in [
        '{"years":3,"state":"MI","available":true}',
        '{"years":4,"role":["Picker","Packer"],"note":null,"none":[]}',
        '{"mixed":1,"home":{"city":"Flint"},"tags":[["a"]]}',
        '{"mixed":["x",true,{}],"yeary":1,"yearz":1,"yearx":1,"state":1,"state":"OH"}',
    ]
]


def found(text: str, items: list = ITEMS) -> list[str]:
    compared = filters.read(object_of(text)).compared
    return notices.notices(compared, notices.fields_of(items), any_items=bool(items))


class Notices(unittest.TestCase):
    def test_equalities(self) -> None:
        for field, value, expected in [
            ("years", "9", None),
            ("years", "null", None),
            ("note", '"x"', None),
            ("none", "1", None),
            ("role", '"Loader"', None),
            ("years", '"3"', "has a string in `years`; its values are numbers"),
            ("state", "1", "has a number in `state`; its values are strings"),
            ("available", "1", "has a number in `available`; its values are booleans"),
            ("home", '"Flint"', "has a string in `home`; its values are objects"),
            ("tags", '"a"', "has a string in `tags`; its values are objects"),
            ("sttae", '"MI"', "has a field `sttae`; did you mean `state`?"),
            ("State", '"MI"', "has a field `State`; did you mean `state`?"),
            ("YEAR", "1", "has a field `YEAR`; did you mean `years`, `yearx` or `yeary`?"),
            ("role", '"picker"', "has `picker` in `role`; did you mean `Picker`?"),
            ("state", '"oh"', "has `oh` in `state`; did you mean `OH`?"),
            ("shift", "1", "has a field `shift`"),
            ("y" * 65, "1", f"has a field `{'y' * 65}`"),
        ]:
            with self.subTest(field=field, value=value):
                text = f'{{"eq":{{"field":"{field}","value":{value}}}}}'
                self.assertEqual(found(text), [f"filter: no item {expected}"] if expected else [])
                self.assertEqual(found(text, []), [])

    def test_each_condition_is_reported_once_in_order(self) -> None:
        text = """{"and":[{"not":{"in":{"field":"years","values":["3",true,3,"4"]}}},
            {"or":[{"range":{"field":"shift","gte":"a"}},{"eq":{"field":"shift","value":1}}]},
            {"contains":{"field":"mixed","value":"y"}}]}"""
        self.assertEqual(
            found(text),
            [
                "filter: no item has a string in `years`; its values are numbers",
                "filter: no item has a boolean in `years`; its values are numbers",
                "filter: no item has a field `shift`",
            ],
        )

    def test_distances_of_names(self) -> None:
        for a, b, expected in [("", "abc", 3), ("abcd", "acbd", 1), ("ca", "abc", 3), ("same", "same", 0)]:
            self.assertEqual(notices.changes(a, b), expected)
