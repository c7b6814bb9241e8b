import unittest

from lakehouse_peer.jsontext import NotJson, Number, Object, parse, quoted


class Reading(unittest.TestCase):
    def test_values_and_levels(self) -> None:
        value, levels = parse(' {"a": [1, {"b": []}], "a":"x"} ')
        assert isinstance(value, Object)
        self.assertEqual(levels, 4)
        self.assertEqual(value.get("a"), "x")
        self.assertEqual([name for name, _ in value.members], ["a", "a"])
        self.assertEqual(parse("[]"), ([], 1))
        self.assertEqual(parse("-0.5e+3"), (Number("-0.5e+3"), 0))

    def test_arrays_of_numbers(self) -> None:
        self.assertEqual(
            parse('[[ 1 ,-0.5e+3\n], [2],[]]'),
            ([[Number("1"), Number("-0.5e+3")], [Number("2")], []], 2),
        )
        for text in ["[1,01]", "[1,2,]", "[1 2]", "[1,-]", "[1,2", "[,1]", "[1.,2]"]:
            with self.subTest(text=text), self.assertRaises(NotJson):
                parse(text)

    def test_text_is_carried_over_without_white_space(self) -> None:
        value, _ = parse('{ "a b" : [ 1.0 , "\\u0041  \\" " ] ,\n"c":{ } }')
        assert isinstance(value, Object)
        self.assertEqual(value.text(), '{"a b":[1.0,"\\u0041  \\" "],"c":{}}')

    def test_malformed_json_is_rejected(self) -> None:
        for text in [
            "", " ", "{", "[1,]", '{"a":1,}', "01", "1.", ".5", "+1", "NaN", "nul", "'a'", '"\t"',
            '"\\x"', '"\\u12g4"', "[1 2]", '{"a" 1}', "{1:2}", "1 2", "\ufeff1", "[" * 5000,
            "1\x0b", "// x\n1",
        ]:
            with self.subTest(text=text[:20]), self.assertRaises(NotJson):
                parse(text)
        self.assertEqual(parse("[" * 5000 + "]" * 5000)[1], 5000)

    def test_surrogates(self) -> None:
        for text, expected in [
            ("\\ud83d\\ude00", "😀"),
            ("\\ud800", "\ufffd"),
            ("\\udc00\\ud800", "\ufffd\ufffd"),
            ("\\ud800\\ud83d\\ude00", "\ufffd😀"),
            ("A\\udfff", "A\ufffd"),
            ("\\u0041\\udfff", "A\ufffd"),
        ]:
            self.assertEqual(parse(f'"{text}"')[0], expected, text)


class Writing(unittest.TestCase):
    def test_strings_escape_only_the_required_characters(self) -> None:
        self.assertEqual(quoted('"\\/\b\t\n\f\r\x1f\x7f<é\u2028'), '"\\"\\\\/\\b\\t\\n\\f\\r\\u001f\x7f<é\u2028"')


class Integers(unittest.TestCase):
    def test_integers_are_recognised_by_their_exact_value(self) -> None:
        for lexeme, expected in [
            ("2", 2), ("2.0", 2), ("2e0", 2), ("20e-1", 2), ("0.2e1", 2), ("-0", 0), ("0e999", 0),
            ("9007199254740991", 2**53 - 1), ("9007199254740992", None), ("-1e3", -1000),
            ("1.00000000000000000001", None), ("0.5", None), ("1e400", None),
            ("1e-" + "9" * 6000, None), ("1e" + "9" * 6000, None), ("10" + "0" * 50 + "e-51", 1),
        ]:
            self.assertEqual(Number(lexeme).integer(), expected, lexeme[:40])
