package understand

import "slices"

// collectRoles adds the roles of titles, or else of hints.
func (r *reading) collectRoles(out *Understanding) {
	titled := slices.ContainsFunc(r.elements, func(e *element) bool { return e.kind == isRole && !e.unwanted })
	var wanted []*role
	add := func(e *element, roles []*role, hint bool) {
		for _, made := range roles {
			made = r.current(made)
			to := &out.NotRoles
			if !e.unwanted {
				to = &out.Roles
				wanted = with(wanted, made)
			}
			if !slices.ContainsFunc(*to, func(o Role) bool { return o.Name == made.name }) {
				*to = append(*to, r.roleIn(e, made, hint))
			}
		}
		r.use(e.start, e.end)
	}
	for _, e := range r.elements {
		if e.kind == isRole {
			add(e, e.roles, false)
		}
	}
	for _, e := range r.elements {
		if e.kind == isHint && (e.unwanted || !titled) {
			add(e, e.hints, true)
		}
	}
	var own []string
	for _, w := range wanted {
		own = append(own, w.values...)
	}
	for _, w := range wanted {
		for _, other := range w.related {
			for _, value := range other.values {
				if !slices.Contains(own, value) {
					out.Related = with(out.Related, value)
				}
			}
		}
	}
}

func (r *reading) roleIn(e *element, made *role, hint bool) Role {
	key := keys(r.tokens[e.start:e.end])
	how := "synonym"
	switch {
	case hint:
		how = "hint"
	case made.key == key || slices.ContainsFunc(made.values, func(v string) bool { return keyOf(v) == key }):
		how = "name"
	}
	text, how := r.named(e.start, e.end, how)
	return Role{made.name, text, how, made.values}
}

// collectRest adds the words that were used for nothing.
func (r *reading) collectRest(out *Understanding) {
	for i, t := range r.tokens {
		if r.isRest(i) {
			out.Rest = append(out.Rest, t.text)
		}
	}
}

func (r *reading) isRest(i int) bool {
	t := r.tokens[i]
	return !r.used[i] && !t.number && !r.common[t.key] && !r.filler[t.key] && !r.join[t.key]
}
