package vectors

import (
	"slices"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// mostSimilar returns those of the sorted names that differ from name in at
// most a third of its characters, nearest first.
func mostSimilar(name string, names []string) []string {
	length := utf8.RuneCountInString(name)
	if length > maxNameLength {
		return nil
	}
	near := map[int][]string{}
	for _, other := range names {
		if utf8.RuneCountInString(other) <= maxNameLength {
			edits := text.Edits(lowered(name), lowered(other))
			near[edits] = append(near[edits], other)
		}
	}
	var similar []string
	for allowed := range max(1, length/3) + 1 {
		similar = append(similar, near[allowed]...)
	}
	return slices.Clip(similar[:min(maxSimilar, len(similar))])
}

// lowered returns the characters of a name, A to Z in lower case.
func lowered(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if 'A' <= r && r <= 'Z' {
			runes[i] = r + 'a' - 'A'
		}
	}
	return string(runes)
}
