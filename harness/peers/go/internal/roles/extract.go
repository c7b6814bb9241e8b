package roles

import (
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/text"
)

// Source is the origin of a role.
type Source string

// The sources of a role.
const (
	Request Source = "request"
	Text    Source = "text"
	None    Source = "none"
)

// maxPhrase is the maximum number of words of a role in a phrase.
const maxPhrase = 6

var (
	numerals = strings.Fields("a an one two three four five six seven eight nine ten")
	stops    = strings.Fields("in at for from on near with to starting asap")
)

// Extract returns the key of the role that a request names or, when it names
// none, of the role that its words ask for.
func (k *Known) Extract(named string, words []string) (string, Source) {
	if key := Key(named); key != "" {
		return key, Request
	}
	key := ""
	if phrase := phrase(words); 1 <= len(phrase) && len(phrase) <= maxPhrase {
		key = k.ofPhrase(phrase)
	} else {
		key = k.ofWords(words)
	}
	if key == "" {
		return "", None
	}
	return key, Text
}

// phrase returns the words after the first word of need and the count that
// follows it.
func phrase(words []string) []string {
	start := -1
	for i, word := range words {
		if word == "need" || word == "needs" {
			start = i + 1
		} else if word == "looking" && i+1 < len(words) && words[i+1] == "for" {
			start = i + 2
		}
		if start >= 0 {
			break
		}
	}
	if start < 0 {
		return nil
	}
	for start < len(words) && isCount(words[start]) {
		start++
	}
	words = words[start:]
	if end := slices.IndexFunc(words, func(word string) bool { return slices.Contains(stops, word) }); end >= 0 {
		words = words[:end]
	}
	return words
}

func isCount(word string) bool {
	if slices.Contains(numerals, word) {
		return true
	}
	digits := strings.TrimSuffix(word, "x")
	return digits != "" && strings.IndexFunc(digits, func(r rune) bool { return !text.IsDigit(r) }) < 0
}

func (k *Known) ofPhrase(phrase []string) string {
	if known := longestOf(k.roles.occurrences(phrase, roleKey)); known.key != "" {
		return known.key
	}
	return roleKey(phrase)
}

// ofWords returns the known role that occurs; when none does, the words before
// a known city. It is empty when two roles occur that do not overlap.
func (k *Known) ofWords(words []string) string {
	found := k.roles.occurrences(words, roleKey)
	if len(found) == 0 {
		cities := k.cities.occurrences(words, cityKey)
		if len(cities) == 0 {
			return ""
		}
		return roleKey(words[:cities[0].start])
	}
	for i, a := range found {
		for _, b := range found[:i] {
			if a.key != b.key && !a.overlaps(b) {
				return ""
			}
		}
	}
	return longestOf(found).key
}
