import unittest

from lakehouse_peer import filters
from lakehouse_peer.problem import Problem
from lakehouse_peer.store import object_of

METADATA = object_of('{"role":"Picker","years":3,"on":true,"gone":null,"tags":["a","Forklift, Reach",7,null,["deep"]],"none":[],"home":{"a":"a"},"a":1,"a":2.0}')


def passes(text: str) -> bool:
    return filters.read(object_of(text)).passes(METADATA)


class Passing(unittest.TestCase):
    def test_filters_pass_the_expected_items(self) -> None:
        for text, expected in [
            ('{"eq":{"field":"role","value":"Picker"}}', True),
            ('{"eq":{"field":"a","value":2}}', True),
            ('{"eq":{"field":"on","value":1}}', False),
            ('{"eq":{"field":"gone","value":null}}', True),
            ('{"eq":{"field":"nowhere","value":null}}', False),
            ('{"in":{"field":"years","values":["3",3.0]}}', True),
            ('{"in":{"field":"tags","values":["b","a"]}}', True),
            ('{"eq":{"field":"tags","value":null}}', True),
            ('{"eq":{"field":"tags","value":"deep"}}', False),
            ('{"eq":{"field":"home","value":"a"}}', False),
            ('{"not":{"eq":{"field":"tags","value":"a"}}}', False),
            ('{"not":{"eq":{"field":"none","value":"a"}}}', True),
            ('{"range":{"field":"tags","gt":6,"lt":8}}', True),
            ('{"range":{"field":"tags","gt":7}}', False),
            ('{"contains":{"field":"tags","value":"klift"}}', True),
            ('{"contains":{"field":"tags","value":7.0}}', True),
            ('{"contains":{"field":"tags","value":"7"}}', False),
            ('{"contains":{"field":"role","value":"pick"}}', False),
            ('{"contains":{"field":"none","value":""}}', False),
            ('{"range":{"field":"years","gte":3,"lt":4}}', True),
            ('{"range":{"field":"years","gt":3}}', False),
            ('{"range":{"field":"role","gt":"Pick","lte":"Picker"}}', True),
            ('{"range":{"field":"years","gt":"0"}}', False),
            ('{"and":[]}', True),
            ('{"or":[]}', False),
            ('{"not":{"eq":{"field":"nowhere","value":1}}}', True),
            ('{"and":[{"or":[{"not":{"and":[]}},{"eq":{"field":"on","value":true}}]}]}', True),
        ]:
            self.assertEqual(passes(text), expected, text)


class Refusing(unittest.TestCase):
    def test_the_first_error_is_reported_with_its_path(self) -> None:
        for text, beginning in [
            ("{}", "`filter` must be an object with exactly one"),
            ('{"eq":{},"in":{}}', "`filter` must"),
            ('{"equals":{}}', "`filter` must"),
            ('{"eq":{"field":"a"}}', "`filter.eq` must"),
            ('{"eq":{"field":"a","value":[]}}', "`filter.eq` must"),
            ('{"eq":{"field":"a","value":1e999}}', "`filter.eq` must"),
            ('{"in":{"field":"a","values":[]}}', "`filter.in` must"),
            ('{"range":{"field":"a"}}', "`filter.range` must"),
            ('{"range":{"field":"a","gt":1,"gte":1}}', "`filter.range` must"),
            ('{"range":{"field":"a","gt":1,"lt":"2"}}', "`filter.range` must"),
            ('{"range":{"field":"a","gt":true}}', "`filter.range` must"),
            ('{"and":{}}', "`filter.and` must be an array of at most 64"),
            ('{"and":[{"or":[]},{"not":{"or":[1]}}]}', "`filter.and[1].not.or[0]` must"),
        ]:
            with self.subTest(text=text), self.assertRaises(Problem) as raised:
                passes(text)
            self.assertTrue(raised.exception.detail.startswith(beginning), raised.exception.detail)
