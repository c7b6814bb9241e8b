package text

import "testing"

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"José NÚÑEZ": "jose nunez", "Jose\u0301 Nu\u0301n\u0303ez": "jose nunez", "O’Brien O`Brien OʼBrien": "o'brien o'brien o'brien",
		"３１３–555‑０１０１": "313-555-0101", "٣١٣ ४५६ ᠑𝟐①²❸": "313 456 12123", "Straße STRAẞE": "strasse strasse",
		"Łukasz Đặng Sørensen Ægir œuvre ıI İ": "lukasz dang sorensen aegir oeuvre ii i", "«a» “b” ‹c›": "\"a\" \"b\" 'c'",
		"a\u00adb\u200bc\ufe0fd\u20e3e\ufeff": "abcde", "a\r\n\tb\u3000c\u2028": "a   b c ", "½ ﬁ ㎏": "1/2 fi kg",
		"ΣΑΣ ας": "σασ ασ", "а Ж": "а ж", "\x00\x1b\x7f": "\x00\x1b\x7f", "\U00010d40\U0001e6e3": "\U00010d40\U0001e6e3",
		"한글": "\u1112\u1161\u11ab\u1100\u1173\u11af", "😀": "😀",
	} {
		got := Fold(s)
		if got != want {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
		if again := Fold(got); again != got {
			t.Errorf("Fold(%q) = %q", got, again)
		}
		if folded := string(NewFolded(s).Runes); folded != want {
			t.Errorf("NewFolded(%q) = %q, want %q", s, folded, want)
		}
	}
}

func TestSqueezed(t *testing.T) {
	for s, want := range map[string]string{
		" Ana \u00a0\n RUIZ\t": "ana ruiz", "": "", " ": "", "a": "a",
	} {
		if got := Squeezed(s); got != want {
			t.Errorf("Squeezed(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestOriginal(t *testing.T) {
	f := NewFolded("x ½é\u0301ß!")
	if got := string(f.Runes); got != "x 1/2ess!" {
		t.Fatalf("folded to %q", got)
	}
	for _, c := range []struct {
		from, to int
		want     string
	}{{0, 1, "x"}, {2, 3, "½"}, {3, 6, "½é"}, {6, 7, "ß"}, {5, 7, "é\u0301ß"}, {8, 9, "!"}} {
		if got := f.Original(c.from, c.to); got != c.want {
			t.Errorf("%d to %d came from %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"Ana", "aNA ", true}, {"É", "e", true}, {"K", "\u212a", true}, {"a", "ab", false}, {"Núñez  José", "nunez jose", true}} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestPlain(t *testing.T) {
	if got, want := string(NewPlain("É«a»\r\n【ÑÇ】\u2028Ł\u00a0“x”‹").Runes), "E«a»\n\n[NC]\nl \"x\"‹"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLetters(t *testing.T) {
	for r, want := range map[rune]bool{'a': true, 'Z': true, '1': false, '\'': false, 'ж': true, '×': false, '·': false, '—': false, '😀': false, '王': true, '。': false} {
		if got := IsLetterRune(r); got != want {
			t.Errorf("%q: %v", r, got)
		}
	}
	if !IsWordRune('王') || IsWordRune('ж') || IsWordRune('\u30fb') {
		t.Error("characters that are words")
	}
}
