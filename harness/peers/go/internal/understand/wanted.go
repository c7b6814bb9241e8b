package understand

import "strings"

// markUnwanted marks what stands behind "not" and its like.
func (r *reading) markUnwanted() {
	for _, e := range r.elements {
		if e.kind != isCue || e.cue != cueNot {
			continue
		}
		first := r.thing(r.skipFiller(e.end))
		for next := first; next != nil && alike(first, next); next = r.joined(next) {
			next.unwanted = true
		}
	}
}

func alike(a, b *element) bool {
	role := func(e *element) bool { return e.kind == isRole || e.kind == isHint }
	return a.kind == b.kind || role(a) && role(b)
}

// skipFiller returns the first token that is not filler, or -1 when the phrase
// ends before.
func (r *reading) skipFiller(i int) int {
	for i < len(r.tokens) && !r.tokens[i].breaks {
		e := r.at[i]
		switch {
		case e != nil && e.kind == isCue && e.cue == cueNot:
			i = e.end
		case e == nil && r.filler[r.tokens[i].key]:
			i++
		default:
			return i
		}
	}
	return -1
}

// thing returns the element at a token that can be wanted.
func (r *reading) thing(i int) *element {
	if i < 0 || i >= len(r.tokens) || r.at[i] == nil {
		return nil
	}
	if e := r.at[i]; e.kind != isCue && e.kind != ofCity && e.kind != nothing {
		return e
	}
	return nil
}

// joined returns the element with which a list goes on.
func (r *reading) joined(e *element) *element {
	i := e.end
	if i < len(r.tokens) && r.at[i] != nil && r.at[i].kind == ofCity {
		i = r.at[i].end
	}
	if i >= len(r.tokens) {
		return nil
	}
	t := r.tokens[i]
	if r.at[i] == nil && r.join[t.key] {
		if t.breaks && !strings.Contains(t.gap, ",") {
			return nil
		}
		return r.thing(r.skipFiller(i + 1))
	}
	if strings.Contains(t.gap, "/") || strings.Trim(t.gap, " ") == "," {
		return r.thing(i)
	}
	return nil
}

// dropOptional drops certificates that are only wished for.
func (r *reading) dropOptional() {
	for n, e := range r.elements {
		if e.kind != isCertificate {
			continue
		}
		behind := e.end < len(r.tokens) && r.at[e.end] != nil && r.at[e.end].kind == isCue && r.at[e.end].cue == cueAfter
		before := n > 0 && r.elements[n-1].kind == isCue && r.elements[n-1].cue == cueBefore
		for i := e.start - 1; before && i >= r.elements[n-1].end; i-- {
			before = r.at[i] == nil && r.filler[r.tokens[i].key]
		}
		if behind || before {
			e.kind = nothing
			r.use(e.start, e.end)
		}
	}
}
