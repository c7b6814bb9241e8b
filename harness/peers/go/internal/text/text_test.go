package text

import (
	"slices"
	"testing"
)

func TestBlank(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000": true,
		"x": false, "\u200b": false, "\u180e": false, "\ufeff": false, "\x1c": false,
	} {
		if got := Blank(s); got != want {
			t.Errorf("Blank(%q) = %v", s, got)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"Ana", "aNA", true}, {"É", "é", false}, {"K", "\u212a", false}, {"a", "ab", false}, {"@", "`", false}} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%q, %q) = %v", c.a, c.b, got)
		}
		if got := Lower(c.a) == Lower(c.b); got != c.want {
			t.Errorf("Lower disagrees on %q and %q", c.a, c.b)
		}
	}
}

func TestNameWords(t *testing.T) {
	got := NameWords("Ana  O'Neil-Ruiz,\u00a0José\u3000x9y")
	if want := []string{"ana", "o'neil-ruiz", "josé", "x", "y"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRuns(t *testing.T) {
	var got []string
	Runs("a1--b2,c", IsAlnum[byte], func(run string) bool {
		got = append(got, run)
		return len(got) < 2
	})
	if want := []string{"a1", "b2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
