package vectors

import (
	"slices"
	"unicode/utf8"
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
			changes := changes(lowered(name), lowered(other))
			near[changes] = append(near[changes], other)
		}
	}
	var similar []string
	for allowed := range max(1, length/3) + 1 {
		similar = append(similar, near[allowed]...)
	}
	return slices.Clip(similar[:min(maxSimilar, len(similar))])
}

// lowered returns the characters of a name, A to Z in lower case.
func lowered(name string) []rune {
	runes := []rune(name)
	for i, r := range runes {
		if 'A' <= r && r <= 'Z' {
			runes[i] = r + 'a' - 'A'
		}
	}
	return runes
}

// changes is the optimal string alignment distance of two names.
func changes(a, b []rune) int {
	// rows[i][j] is the distance of the first i characters of a and j of b.
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				rows[i][j] = rows[i-1][j-1]
				continue
			}
			rows[i][j] = 1 + min(rows[i-1][j], rows[i][j-1], rows[i-1][j-1])
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], 1+rows[i-2][j-2])
			}
		}
	}
	return rows[len(a)][len(b)]
}
