package understand

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// kind is what an element counts as.
type kind int

const (
	nothing kind = iota
	isRole
	isPlace
	isHint
	isCertificate
	isShift
	isCue
	ofCity // the state of the city before
)

// element is a term in a text.
type element struct {
	*meaning
	start, end int
	kind       kind
	unwanted   bool
	found      []Found
}

// reading is a text while it is read.
type reading struct {
	*Understander
	text     string
	lower    bool // it has lower-case letters
	tokens   []token
	elements []*element
	at       []*element // by token
	used     []bool
}

func newReading(u *Understander, s string) *reading {
	s = ReadPart(s)
	r := &reading{Understander: u, text: s, tokens: tokenise(s)}
	r.lower = strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz")
	u.correct(r.tokens)
	r.at = make([]*element, len(r.tokens))
	r.used = make([]bool, len(r.tokens))
	for i := 0; i < len(r.tokens); {
		e := r.longest(i)
		if e == nil {
			i++
			continue
		}
		r.elements = append(r.elements, e)
		i = e.end
	}
	return r
}

// longest returns the longest term at a token.
func (r *reading) longest(start int) *element {
	last := start + 1
	for last < len(r.tokens) && last < start+8 && !r.tokens[last].breaks {
		last++
	}
	for end := last; end > start; end-- {
		list := r.tokens[start:end]
		key := keys(list)
		long := func(t token) bool { return !t.number && utf8.RuneCountInString(t.key) != 1 }
		if len(list) > 1 && len(key) < 4 && slices.ContainsFunc(list, long) {
			continue
		}
		m := r.meaning(key)
		if m == nil {
			m = r.meaning(r.spelledOut(list))
		}
		if m != nil {
			return &element{meaning: m, start: start, end: end, kind: m.kind(true)}
		}
	}
	return nil
}

// spelledOut returns the key of tokens without abbreviations.
func (r *reading) spelledOut(list []token) string {
	var b strings.Builder
	for _, t := range list {
		if long := r.short[t.text]; long != "" {
			b.WriteString(long)
		} else {
			b.WriteString(t.key)
		}
	}
	return b.String()
}

func (m *meaning) kind(place bool) kind {
	switch {
	case len(m.roles) > 0:
		return isRole
	case place && m.isPlace():
		return isPlace
	case len(m.hints) > 0:
		return isHint
	case m.certificate != "":
		return isCertificate
	case m.shift != "":
		return isShift
	case m.cue != noCue:
		return isCue
	}
	return nothing
}

// Understand returns what a text asks for.
func (u *Understander) Understand(s string) *Understanding {
	r := newReading(u, s)
	out := &Understanding{Availability: "available"}
	r.findPlaces()
	r.dropCounted()
	r.elements = slices.DeleteFunc(r.elements, func(e *element) bool { return e.kind == nothing })
	for _, e := range r.elements {
		for i := e.start; i < e.end; i++ {
			r.at[i] = e
		}
	}
	r.markUnwanted()
	r.dropOptional()
	r.readNumbers(out)
	r.readClient(out)
	r.findUnlisted()
	for _, e := range r.elements {
		r.collect(e, out)
	}
	r.collectRoles(out)
	finishPlaces(out)
	out.Shifts = slices.DeleteFunc(out.Shifts, func(s Named) bool {
		return slices.ContainsFunc(out.NotShifts, func(n Named) bool { return n.Name == s.Name })
	})
	r.collectRest(out)
	r.reportNobody(out)
	r.findNames(out)
	return out
}

// dropCounted drops shifts that are units, as in "3 days".
func (r *reading) dropCounted() {
	for _, e := range r.elements {
		if e.kind != isShift || e.end != e.start+1 || e.start == 0 || r.tokens[e.start].breaks {
			continue
		}
		before := r.tokens[e.start-1]
		if _, counts := r.numbers[before.key]; counts || before.number || r.per[before.key] {
			e.kind = nothing
		}
	}
}

// collect adds what an element comes to.
func (r *reading) collect(e *element, out *Understanding) {
	named := Named{Text: words(r.tokens[e.start:e.end])}
	switch e.kind {
	case isPlace:
		to := &out.Places
		if e.unwanted {
			to = &out.NotPlaces
		}
		for _, f := range e.found {
			same := func(g Found) bool { return equal(f.City, g.City) && equal(f.State, g.State) }
			if !slices.ContainsFunc(*to, same) {
				*to = append(*to, f)
			}
		}
	case isCertificate:
		named.Name = e.certificate
		addNamed(&out.Certificates, &out.NotCertificates, named, e.unwanted)
	case isShift:
		named.Name = e.shift
		addNamed(&out.Shifts, &out.NotShifts, named, e.unwanted)
	case isCue:
		switch {
		case e.cue == cueAny:
			out.Availability = "any"
		case e.cue == cueUnavailable && out.Availability == "available":
			out.Availability = "unavailable"
		}
	case ofCity:
	default:
		return
	}
	r.use(e.start, e.end)
}

func addNamed(wanted, not *[]Named, n Named, unwanted bool) {
	to := wanted
	if unwanted {
		to = not
	}
	if !slices.ContainsFunc(*to, func(o Named) bool { return o.Name == n.Name }) {
		*to = append(*to, n)
	}
}

func (r *reading) use(start, end int) {
	for i := start; i < end; i++ {
		r.used[i] = true
	}
}

// ends reports whether the phrase ends before a token.
func (r *reading) ends(i int) bool { return i >= len(r.tokens) || r.tokens[i].breaks }

// longestBefore returns the length of the longest entry that ends before a
// token, or 0.
func (r *reading) longestBefore(s set, end int) int {
	if end < len(r.tokens) && r.tokens[end].breaks {
		return 0
	}
	for start := max(0, end-5); start < end; start++ {
		if !r.broken(start+1, end) && s[keys(r.tokens[start:end])] {
			return end - start
		}
	}
	return 0
}

// longestAt returns the length of the longest entry that begins at a token, or
// 0.
func (r *reading) longestAt(s set, start int) int {
	for end := min(start+5, len(r.tokens)); end > start; end-- {
		if !r.broken(start+1, end) && s[keys(r.tokens[start:end])] {
			return end - start
		}
	}
	return 0
}

// broken reports whether one of the tokens breaks.
func (r *reading) broken(start, end int) bool {
	for i := start; i < end; i++ {
		if r.tokens[i].breaks {
			return true
		}
	}
	return false
}
