package validate

import (
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// MaskSSNs masks the likely social security numbers of a text as it is
// written: each of their characters whose folding has a digit becomes `*`.
func MaskSSNs(s string) string {
	places := ssnPlaces(text.Fold(s))
	if len(places) == 0 {
		return s
	}
	var b strings.Builder
	at := 0 // in the folded text
	for _, r := range s {
		folded := text.Fold(string(r))
		end := at + len(folded)
		if strings.ContainsFunc(folded, text.IsDigit[rune]) && overlapsAny(places, at, end) {
			r = '*'
		}
		b.WriteRune(r)
		at = end
	}
	return b.String()
}

func overlapsAny(places []run, start, end int) bool {
	for _, p := range places {
		if p.start < end && start < p.end {
			return true
		}
	}
	return false
}
