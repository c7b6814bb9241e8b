// Package roles finds the role and the places that a text asks for.
package roles

import (
	"strings"
	"unicode/utf8"
)

// Key returns the key of a role.
func Key(role string) string { return roleKey(wordsOf(role)) }

// Same reports whether two keys have the same words.
func Same(a, b string) bool { return compact(a) == compact(b) }

func compact(key string) string { return strings.ReplaceAll(key, " ", "") }

func roleKey(words []word) string {
	if len(words) == 0 {
		return ""
	}
	last := len(words) - 1
	return strings.TrimPrefix(joined(words[:last], " ")+" "+singular(words[last]), " ")
}

// plural is an ending of plurals.
type plural struct {
	ending   string
	min, max int // of the word's characters; no maximum if 0
	not      string
	become   string
}

var plurals = []plural{
	{"sses", 5, 0, "", "ss"},
	{"ches", 5, 0, "", "ch"},
	{"shes", 5, 0, "", "sh"},
	{"xes", 5, 0, "", "x"},
	{"ies", 5, 0, "", "y"},
	{"wives", 5, 0, "", "wife"},
	{"men", 4, 0, "", "man"},
	{"people", 7, 0, "", "person"},
	{"s", 4, 0, "sui", ""},
	{"s", 3, 3, "s", ""},
}

func singular(w word) string {
	s := w.string
	if w.acronyms {
		s = strings.TrimSuffix(s, "s")
	}
	for {
		shorter, ok := lessPlural(s)
		if !ok {
			return s
		}
		s = shorter
	}
}

// lessPlural applies the first rule that applies.
func lessPlural(s string) (string, bool) {
	length := utf8.RuneCountInString(s)
	for _, p := range plurals {
		stem, ok := strings.CutSuffix(s, p.ending)
		if !ok || length < p.min || p.max != 0 && length > p.max {
			continue
		}
		if stem != "" && strings.Contains(p.not, stem[len(stem)-1:]) && p.not != "" {
			continue
		}
		if p.max != 0 && strings.ContainsAny(stem, "aeiouy") {
			continue
		}
		return stem + p.become, true
	}
	return "", false
}

// cityKey returns the key of a city, without spaces.
func cityKey(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(cityWord(w))
	}
	return b.String()
}

func cityWord(w word) string {
	if long, ok := cityAbbreviations[w.string]; ok {
		return long
	}
	return w.string
}
