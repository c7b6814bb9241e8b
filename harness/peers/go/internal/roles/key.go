// Package roles finds the role that a text asks for.
package roles

import (
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/embed"
)

// Key returns the key of a role: two roles are the same when their keys are.
func Key(role string) string { return roleKey(embed.Words(role)) }

// CityKey returns the key of a city.
func CityKey(city string) string { return cityKey(embed.Words(city)) }

func cityKey(words []string) string { return strings.Join(words, " ") }

func roleKey(words []string) string {
	if len(words) == 0 {
		return ""
	}
	last := len(words) - 1
	return cityKey(append(words[:last:last], singular(words[last])))
}

func singular(word string) string {
	length := utf8.RuneCountInString(word)
	if stem, ok := strings.CutSuffix(word, "ies"); ok && length > 4 {
		return stem + "y"
	}
	if stem, ok := strings.CutSuffix(word, "s"); ok && length > 3 && !strings.HasSuffix(stem, "s") {
		return stem
	}
	return word
}
