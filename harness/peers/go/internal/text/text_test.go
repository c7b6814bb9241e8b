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
