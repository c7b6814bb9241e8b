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
// recordings have. Synonyms are added last.
type Known struct {
	lexicon *Lexicon
	// roles are the keys by their compact forms.
	roles    map[string]string
	synonyms map[string]string
	cities   map[string]bool
	// meanings has what the roles of documents mean.
	meanings map[string]bool

	longestRole, longestCity int // in bytes, compact
}

// NewKnown returns what is known without documents.
func NewKnown(l *Lexicon) *Known {
	return &Known{lexicon: l, roles: map[string]string{}, synonyms: map[string]string{}, cities: map[string]bool{}, meanings: map[string]bool{}}
}

// AddRole adds a document's role.
func (k *Known) AddRole(role string) {
	key := Key(role)
	if key == "" || strings.Count(key, " ") >= maxWords {
		return
	}
	form := compact(key)
	if first, ok := k.roles[form]; !ok || key < first {
		k.roles[form] = key
	}
	k.longestRole = max(k.longestRole, len(form))
	k.meanings[k.meaning(key)] = true
}

// AddCity adds a document's city.
func (k *Known) AddCity(city string) {
	words := wordsOf(city)
	if len(words) == 0 || len(words) > maxWords {
		return
	}
	key := cityKey(words)
	k.cities[key] = true
	k.longestCity = max(k.longestCity, len(key))
}

// SetSynonyms sets the synonyms of all recordings. All roles have been added.
func (k *Known) SetSynonyms(list []string) {
	synonyms := map[string]string{}
	disputed := map[string]bool{}
	for _, synonym := range list {
		before, after, _ := strings.Cut(synonym, is)
		words, role := Key(before), Key(after)
		if words == "" || role == "" || strings.Count(words, " ") >= maxWords {
			continue
		}
		role = k.Resolve(role)
		form := compact(words)
		if other, ok := synonyms[form]; ok && !k.Same(other, role) {
			disputed[form] = true
		} else if !ok || role < other {
			synonyms[form] = role
		}
		k.longestRole = max(k.longestRole, len(form))
	}
	maps.DeleteFunc(synonyms, func(form, _ string) bool { return disputed[form] || k.roles[form] != "" })
	k.synonyms = synonyms
}

// Synonym returns what a recording keeps of words that stand for a role.
func Synonym(words, role string) string { return words + is + role }

// Has reports whether documents have a role.
func (k *Known) Has(role string) bool { return k.meanings[k.meaning(role)] }

// ofDocuments returns the key of documents for a role of the lexicon, or its
// name when they have it by another word; ok reports whether they have it.
func (k *Known) ofDocuments(name string) (role string, ok bool) {
	form := compact(name)
	if own := k.roles[form]; own != "" {
		return own, true
	}
	return name, k.meanings[form]
}

// Same reports whether two keys, either of which may be "", are those of one
// role.
func (k *Known) Same(a, b string) bool { return k.meaning(a) == k.meaning(b) }

// meaning returns the same string for all keys of one role.
func (k *Known) meaning(role string) string {
	form := compact(role)
	if synonym, ok := k.synonyms[form]; ok {
		form = compact(synonym)
	}
	if term, ok := k.lexicon.terms[form]; ok {
		return compact(term)
	}
	return form
}

// Resolve returns the key of documents for a role, the role of the synonym that
// it is, or the lexicon's name of a role that documents have by another word.
func (k *Known) Resolve(role string) string {
	form := compact(role)
	if own, ok := k.roles[form]; ok {
		return own
	}
	if synonym, ok := k.synonyms[form]; ok {
		return synonym
	}
	if own, ok := k.ofDocuments(k.lexicon.terms[form]); ok {
		return own
	}
	return role
}

// ofPhrase returns the role that a phrase is resolved to, or hints at.
func (k *Known) ofPhrase(phrase string) string {
	form := compact(phrase)
	hinted, ok := k.ofDocuments(k.lexicon.hints[form])
	if k.roles[form] == "" && k.synonyms[form] == "" && k.lexicon.terms[form] == "" && ok {
		return hinted
	}
	return k.Resolve(phrase)
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

// occurrences returns all occurrences of roles, ordered by their start: of
// documents' roles, or of all that is known.
func (k *Known) occurrences(words []word, all bool) (list []occurrence) {
	longest := k.longestRole
	if all {
		longest = max(longest, k.lexicon.longestTerm)
	}
	// hidden are the occurrences of terms of roles that no document has.
	var hidden []occurrence
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
				if role, known := k.meant(form, all); known {
					list = append(list, occurrence{role, start, end})
					break
				} else if role != "" {
					hidden = append(hidden, occurrence{role, start, end})
					break
				}
			}
			// A singular is a few letters shorter than the word.
			if len(form) > longest+2*len("people") {
				break
			}
		}
	}
	return slices.DeleteFunc(list, func(o occurrence) bool {
		return slices.ContainsFunc(hidden, func(h occurrence) bool { return h.start <= o.start && o.end <= h.end })
	})
}

// meant returns the role that a compact form stands for, or "", and whether it
// counts as known.
func (k *Known) meant(form string, all bool) (role string, known bool) {
	if own, ok := k.roles[form]; ok {
		return own, true
	}
	if synonym, ok := k.synonyms[form]; ok && all {
		return synonym, true
	}
	if term, ok := k.lexicon.terms[form]; ok && all {
		return k.ofDocuments(term)
	}
	return "", false
}

// longestCity returns the number of words of the longest run, from the first
// of words on, whose key has passes, or 0.
func longestCity(words []word, longest int, has func(key string) bool) (length int) {
	key := ""
	for i, w := range words[:min(maxWords, len(words))] {
		if key += cityWord(w); len(key) > longest {
			break
		}
		if has(key) {
			length = i + 1
		}
	}
	return length
}

// city returns the length of the longest known city that begins words, or 0.
func (k *Known) city(words []word) int {
	return longestCity(words, k.longestCity, func(key string) bool { return k.cities[key] })
}

// nickname returns the longest nickname that begins words, and its length.
func (k *Known) nickname(words []word) (n nickname, length int) {
	length = longestCity(words, k.lexicon.longestCity, func(key string) bool {
		found, ok := k.lexicon.nicknames[key]
		if ok {
			n = found
		}
		return ok
	})
	return n, length
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
