package text

import "testing"

func TestEdits(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"detriot", "detroit", 1}, {"wearhouse", "warehouse", 2}, {"ca", "abc", 3}, {"abc", "", 3}} {
		if got := Edits(test.a, test.b); got != test.want {
			t.Errorf("%s, %s: %d", test.a, test.b, got)
		}
	}
}
