package roles

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxWords = 64 // of what is known
	minHint  = 4  // characters of a word that hints at a role
	is       = " = "
)

// Known are the roles and cities that documents have, and the synonyms that
// recordings have. The zero value is ready for use; synonyms are added last.
type Known struct {
	// roles are the keys by their compact forms.
	roles    map[string]string
	synonyms map[string]string
	cities   map[string]bool

	longestRole, longestCity int // in bytes, compact
}

// AddRole adds a document's role.
func (k *Known) AddRole(role string) {
	key := Key(role)
	if key == "" || strings.Count(key, " ") >= maxWords {
		return
	}
	if k.roles == nil {
		k.roles = map[string]string{}
	}
	form := compact(key)
	if first, ok := k.roles[form]; !ok || key < first {
		k.roles[form] = key
	}
	k.longestRole = max(k.longestRole, len(form))
}

// AddCity adds a document's city.
func (k *Known) AddCity(city string) {
	words := wordsOf(city)
	if len(words) == 0 || len(words) > maxWords {
		return
	}
	if k.cities == nil {
		k.cities = map[string]bool{}
	}
	key := cityKey(words)
	k.cities[key] = true
	k.longestCity = max(k.longestCity, len(key))
}

// SetSynonyms sets the synonyms of all recordings. All roles have been added.
func (k *Known) SetSynonyms(list []string) {
	k.synonyms = map[string]string{}
	disputed := map[string]bool{}
	for _, synonym := range list {
		before, after, _ := strings.Cut(synonym, is)
		words, role := Key(before), Key(after)
		if words == "" || role == "" || strings.Count(words, " ") >= maxWords {
			continue
		}
		role = k.ofDocuments(role)
		form := compact(words)
		if other, ok := k.synonyms[form]; ok && !Same(other, role) {
			disputed[form] = true
		} else if !ok || role < other {
			k.synonyms[form] = role
		}
		k.longestRole = max(k.longestRole, len(form))
	}
	maps.DeleteFunc(k.synonyms, func(form, _ string) bool { return disputed[form] || k.roles[form] != "" })
}

// Synonym returns what a recording keeps of words that stand for a role.
func Synonym(words, role string) string { return words + is + role }

// Has reports whether documents have a role.
func (k *Known) Has(role string) bool { return k.roles[compact(role)] != "" }

func (k *Known) ofDocuments(role string) string {
	if known, ok := k.roles[compact(role)]; ok {
		return known
	}
	return role
}

// Resolve returns the key that stands for a role.
func (k *Known) Resolve(role string) string {
	if synonym, ok := k.synonyms[compact(role)]; ok {
		return synonym
	}
	return k.ofDocuments(role)
}

// occurrence is a place where consecutive words are a known role.
type occurrence struct {
	role       string
	start, end int
}

func (o occurrence) length() int { return o.end - o.start }

// overlaps reports whether two occurrences share a word of the text.
func (o occurrence) overlaps(other occurrence) bool {
	return o.start < other.end && other.start < o.end
}

// occurrences returns all occurrences of roles, ordered by their start.
func (k *Known) occurrences(words []word, synonyms bool) (list []occurrence) {
	look := func(form string) (string, bool) {
		role, ok := k.roles[form]
		if !ok && synonyms {
			role, ok = k.synonyms[form]
		}
		return role, ok && form != ""
	}
	for start := range words {
		form := ""
		for end := start + 1; end <= min(start+maxWords, len(words)); end++ {
			last := words[end-1]
			forms := []string{form + singular(last)}
			form += last.string
			forms = append(forms, form)
			for _, ending := range []string{"s", "es"} {
				if stem, ok := strings.CutSuffix(form, ending); ok {
					forms = append(forms, stem)
				}
			}
			for _, form := range forms {
				if role, ok := look(form); ok {
					list = append(list, occurrence{role, start, end})
					break
				}
			}
			// A singular is a few letters shorter than the word.
			if len(form) > k.longestRole+2*len("people") {
				break
			}
		}
	}
	return list
}

// cityAt returns the end of the longest known city that begins at a word, or 0.
func (k *Known) cityAt(words []word, start int) (longest int) {
	key := ""
	for end := start + 1; end <= min(start+maxWords, len(words)) && len(key) <= k.longestCity; end++ {
		key += cityWord(words[end-1])
		if k.cities[key] {
			longest = end
		}
	}
	return longest
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

// hint returns the role that a word hints at, or "".
func (k *Known) hint(w word) (hinted string) {
	if utf8.RuneCountInString(w.string) < minHint || w.in(times) {
		return ""
	}
	for _, role := range k.roles {
		parts := strings.Split(role, " ")
		if !slices.Contains(parts, w.string) {
			continue
		}
		if hinted != "" || !slices.Contains(parts[:len(parts)-1], w.string) {
			return ""
		}
		hinted = role
	}
	return hinted
}
