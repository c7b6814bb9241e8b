package validate

import (
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// MaskSSNs masks the likely social security numbers of a text as it is
// written: each of their characters whose folding has a digit, or a letter that
// may stand for one, becomes `*`.
func MaskSSNs(s string) string {
	folded := text.Fold(s)
	places := ssnPlaces(folded)
	if len(places) == 0 {
		return s
	}
	hidden := make(marks, len(folded))
	for _, place := range places {
		hidden.add(place)
	}
	var b strings.Builder
	at := 0 // in the folded text
	for _, r := range s {
		one := text.Fold(string(r))
		end := at + len(one)
		if strings.ContainsFunc(one, isHidden) && hidden.has(run{at, end}) {
			r = '*'
		}
		b.WriteRune(r)
		at = end
	}
	return b.String()
}

func isHidden(r rune) bool { return text.IsAlnum(r) || strings.ContainsRune(standIns, r) }
