package understand

import "slices"

// readClient finds the client, and drops roles and places in its name.
func (r *reading) readClient(out *Understanding) {
	start, end := r.clientFirst()
	if end == 0 {
		start, end = r.clientBehind()
	}
	if end == 0 {
		return
	}
	r.leaveOut(start, end, isRole, isHint)
	r.leaveOut(start, end, isPlace, isPlace)
	rare := func(t token) bool { return !r.common[t.key] }
	printed := r.tokens[start:end]
	for len(printed) > 0 && r.client.never[printed[0].key] {
		printed = printed[1:]
	}
	if slices.ContainsFunc(printed, rare) {
		name := words(printed)
		out.Client = &name
	}
	for i := start; i < end; i++ {
		if r.at[i] == nil {
			r.used[i] = true
		}
	}
}

// clientFirst finds a client at the beginning: "Beacon Freight needs".
func (r *reading) clientFirst() (int, int) {
	if len(r.tokens) == 0 || r.client.never[r.tokens[0].key] {
		return 0, 0
	}
	for end := 1; end < len(r.tokens) && end <= 6; end++ {
		if r.longestAt(r.client.after, end) == 0 {
			continue
		}
		number := func(t token) bool { return t.number }
		if r.broken(1, end+1) || slices.ContainsFunc(r.tokens[:end], number) || r.isOne(0, end) {
			return 0, 0
		}
		return 0, end
	}
	return 0, 0
}

// clientBehind finds a client behind "for" and its like.
func (r *reading) clientBehind() (int, int) {
	for i := range r.tokens {
		if !r.free(i) || !r.client.before[r.tokens[i].key] {
			continue
		}
		if i > 0 && r.client.verbs[r.tokens[i-1].key] {
			continue
		}
		end := i + 1
		for end < len(r.tokens) && !r.endsClient(end) {
			end++
		}
		if n := end - i - 1; 0 < n && n <= 6 && !r.isOne(i+1, end) {
			return i + 1, end
		}
	}
	return 0, 0
}

func (r *reading) endsClient(i int) bool {
	t := r.tokens[i]
	if t.breaks || t.number || r.used[i] || r.client.end[t.key] {
		return true
	}
	if e := r.at[i]; e != nil {
		switch e.kind {
		case isShift, isCertificate, isCue, ofCity:
			return true
		}
	}
	return false
}

func (r *reading) isOne(start, end int) bool {
	e := r.at[start]
	return e != nil && e.start == start && e.end == end
}

// leaveOut drops elements of two kinds inside a name when others are outside.
func (r *reading) leaveOut(start, end int, a, b kind) {
	is := func(e *element) bool { return e.kind == a || e.kind == b }
	inside := func(e *element) bool { return start <= e.start && e.start < end }
	other := func(e *element) bool { return is(e) && !inside(e) && !e.unwanted }
	if !slices.ContainsFunc(r.elements, other) {
		return
	}
	for _, e := range r.elements {
		if is(e) && inside(e) {
			e.kind = nothing
			r.use(e.start, e.end)
		}
	}
}
