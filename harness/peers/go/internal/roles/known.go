package roles

import "strings"

// Known are the keys of the roles and cities that documents have.
type Known struct {
	roles, cities lexicon
}

// AddRole adds a document's role.
func (k *Known) AddRole(role string) { k.roles.add(Key(role)) }

// AddCity adds a document's city.
func (k *Known) AddCity(city string) { k.cities.add(CityKey(city)) }

// Cities returns the keys of the known cities that occur in a text's words.
func (k *Known) Cities(words []string) map[string]bool {
	found := map[string]bool{}
	for _, o := range k.cities.occurrences(words, cityKey) {
		found[o.key] = true
	}
	return found
}

// lexicon is a set of keys, with the number of words of the longest.
type lexicon struct {
	keys    map[string]bool
	longest int
}

func (l *lexicon) add(key string) {
	if key == "" {
		return
	}
	if l.keys == nil {
		l.keys = map[string]bool{}
	}
	l.keys[key] = true
	l.longest = max(l.longest, strings.Count(key, " ")+1)
}

// occurrence is a place where consecutive words have a known key.
type occurrence struct {
	key        string
	start, end int
}

func (o occurrence) length() int { return o.end - o.start }

// overlaps reports whether two occurrences share a word of the text.
func (o occurrence) overlaps(other occurrence) bool {
	return o.start < other.end && other.start < o.end
}

// occurrences returns all occurrences, ordered by their start.
func (l *lexicon) occurrences(words []string, keyOf func([]string) string) (list []occurrence) {
	for start := range words {
		for end := start + 1; end <= min(start+l.longest, len(words)); end++ {
			if key := keyOf(words[start:end]); l.keys[key] {
				list = append(list, occurrence{key, start, end})
			}
		}
	}
	return list
}

// longestOf returns the occurrence with the most words, the first of several.
func longestOf(list []occurrence) (longest occurrence) {
	for _, o := range list {
		if o.length() > longest.length() {
			longest = o
		}
	}
	return longest
}
