package roles

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Source is the origin of a role.
type Source string

// The sources of a role.
const (
	Request Source = "request"
	Text    Source = "text"
	None    Source = "none"
)

// maxPhrase is the maximum number of words of a phrase.
const maxPhrase = 6

// Query is what a query asks for.
type Query struct {
	// Role is "" when there is none.
	Role   string
	Source Source
	Places Places
}

// Read returns what a query asks for; the request may name the role.
func (k *Known) Read(named, query string) Query {
	r := k.read(query, true)
	q := Query{Source: None, Places: r.asked()}
	if key := Key(named); key != "" {
		q.Role, q.Source = k.Resolve(key), Request
	} else if key, madeUp := r.role(); key != "" {
		q.Role, q.Source = key, Text
		if madeUp {
			q.Role = k.ofPhrase(key)
		}
	}
	return q
}

// MadeUp returns the key of the words that a query has for a role that no
// document has, whatever synonyms and the lexicon make of them.
func (k *Known) MadeUp(query string) string {
	key, madeUp := k.read(query, false).role()
	if !madeUp {
		return ""
	}
	return key
}

// span is the words from start up to end.
type span struct{ start, end int }

func (s span) empty() bool { return s.start == s.end }

// role returns the role of a text from its words, and whether its key is made
// up of a phrase.
func (r *reading) role() (key string, madeUp bool) {
	phrase, hasCue := r.phrase()
	if hasCue {
		inside := slices.DeleteFunc(slices.Clone(r.roles), func(o occurrence) bool {
			return o.start < phrase.start || phrase.end < o.end
		})
		if o := longestOf(inside); o.role != "" {
			return o.role, false
		}
	}
	out := slices.Clone(r.out)
	client := r.client()
	mark(out, client.start, client.end)
	found := slices.DeleteFunc(slices.Clone(r.roles), func(o occurrence) bool { return has(out, o.start, o.end) })
	for i, a := range found {
		for _, b := range found[:i] {
			if !r.known.Same(a.role, b.role) && !a.overlaps(b) {
				return "", false
			}
		}
	}
	for _, try := range []func() string{
		func() string { return longestOf(found).role },
		func() string { return r.abbreviated(out) },
		func() string { return r.hinted(phrase, out) },
	} {
		if role := try(); role != "" {
			return role, false
		}
	}
	return roleKey(r.words[phrase.start:phrase.end]), !phrase.empty()
}

// phrase returns the phrase, and whether cues that are not negated precede it.
func (r *reading) phrase() (phrase span, hasCue bool) {
	for _, c := range r.cues {
		if c.negated {
			continue
		}
		hasCue = true
		if phrase = r.phraseFrom(c.end); !phrase.empty() {
			return phrase, true
		}
	}
	if first := slices.Index(r.out, false); !hasCue && len(r.places) > 0 && first >= 0 {
		phrase = r.phraseFrom(first)
	}
	return phrase, hasCue
}

func (r *reading) phraseFrom(start int) span {
	for start < len(r.words) && !r.out[start] &&
		(r.inPlace[start] || r.words[start].in(skipped) || r.words[start].isCount()) {
		start++
	}
	end := start
	for end < len(r.words) && !r.endsPhrase(end, start) {
		end++
	}
	for end > start && r.words[end-1].isCount() {
		end--
	}
	words := r.words[start:end]
	none := func(w word) bool { return !w.in(fillers) && !w.in(times) }
	if len(words) == 0 || len(words) > maxPhrase || words[0].in(pronouns) || !slices.ContainsFunc(words, none) {
		return span{}
	}
	return span{start, end}
}

func (r *reading) endsPhrase(i, start int) bool {
	return i > start && r.words[i].broken || r.words[i].in(ends) || r.cueAt(i) > 0 || r.negationAt(i) > 0 ||
		r.out[i] || r.inPlace[i]
}

// client returns the words that name the client before the first cue, which are
// the subject.
func (r *reading) client() span {
	i := slices.IndexFunc(r.cues, func(c cue) bool { return !c.negated })
	if i < 0 {
		return span{}
	}
	start := r.cues[i].start
	switch first := r.words[start]; {
	case first.in(clientCue):
	case (first.string == "looking" || first.string == "searching") && start > 0 && r.words[start-1].string == "is":
	default:
		return span{}
	}
	from := start
	for from > 0 && !r.words[from].broken {
		from--
	}
	return span{from, start}
}

// abbreviated returns the only role that is abbreviated in the text.
func (r *reading) abbreviated(out []bool) (only string) {
	for _, role := range r.known.roles {
		parts := strings.Split(role, " ")
		if len(parts) < 2 || !r.abbreviates(parts, out) {
			continue
		}
		if only != "" {
			return ""
		}
		only = role
	}
	return only
}

func (r *reading) abbreviates(parts []string, out []bool) bool {
	for start := 0; start+len(parts) <= len(r.words); start++ {
		if r.abbreviatesAt(start, parts, out) {
			return true
		}
	}
	return false
}

func (r *reading) abbreviatesAt(start int, parts []string, out []bool) bool {
	shortened := 0
	for i, part := range parts {
		w := r.words[start+i]
		if out[start+i] || i > 0 && w.broken {
			return false
		}
		last := i == len(parts)-1
		if w.string == part || last && singular(w) == part {
			continue
		}
		if r.known.lexicon.isCode(w) || !shortens(w, part, last) {
			return false
		}
		shortened++
	}
	return 0 < shortened && shortened < len(parts)
}

// shortens reports whether a word is the beginning of a word of a role.
func shortens(w word, part string, last bool) bool {
	if w.in(ends) || w.in(skipped) || w.in(fillers) {
		return false
	}
	stem := w.string
	if last {
		stem = strings.TrimSuffix(stem, "s")
	}
	return utf8.RuneCountInString(stem) >= 2 && len(stem) < len(part) && strings.HasPrefix(part, stem)
}

// hinted returns the only role at which words hint.
func (r *reading) hinted(phrase span, out []bool) (only string) {
	filled := false
	for i, w := range r.words {
		if !phrase.empty() {
			if i < phrase.start || phrase.end <= i {
				continue
			}
			if w.in(fillers) {
				filled = true
				continue
			}
		} else if out[i] || r.inPlace[i] {
			continue
		}
		role := r.known.hint(w)
		if role == "" {
			continue
		}
		if only != "" && only != role {
			return ""
		}
		only = role
	}
	if !phrase.empty() && !filled {
		return ""
	}
	return only
}
