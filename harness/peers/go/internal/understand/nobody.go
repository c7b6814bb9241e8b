package understand

import (
	"cmp"
	"slices"
)

const maxNearest = 5

// reportNobody adds what no document has.
func (r *reading) reportNobody(out *Understanding) {
	if len(r.tokens) == 0 {
		out.Nobody = append(out.Nobody, Nobody{What: "text"})
		return
	}
	if r.hasRoles {
		r.reportRole(out)
	}
	if len(r.places) > 0 && len(out.Places) > 0 {
		r.reportPlace(out)
	}
}

func (r *reading) reportRole(out *Understanding) {
	if len(out.Roles) == 0 {
		r.reportUnlisted(out)
		return
	}
	if slices.ContainsFunc(out.Roles, func(x Role) bool { return len(x.Values) > 0 }) {
		return
	}
	out.Nobody = append(out.Nobody, Nobody{"role", out.Roles[0].Text, cut(out.Related)})
}

func cut(list []string) []string { return list[:min(len(list), maxNearest)] }

// reportUnlisted reports words that no list has, where a role would stand.
func (r *reading) reportUnlisted(out *Understanding) {
	unknown := func(i int) bool {
		return !r.used[i] && r.unknown(r.tokens[i])
	}
	count := 0
	for i := range r.tokens {
		if unknown(i) {
			count++
		}
	}
	if count == 0 || count != len(out.Rest) || len(out.NotRoles) > 0 {
		return
	}
	var run []token
	for i := 0; i < len(r.tokens); {
		if !unknown(i) {
			i++
			continue
		}
		end := i + 1
		for end < len(r.tokens) && unknown(end) && !r.tokens[end].breaks {
			end++
		}
		if r.ends(end) || r.beginsOther(end) {
			run = r.tokens[i:end]
		}
		i = end
	}
	if run == nil {
		return
	}
	var near []string
	for _, made := range r.all {
		for _, value := range made.values {
			shared := func(t token) bool {
				return slices.ContainsFunc(tokenise(value), func(o token) bool { return o.key == t.key })
			}
			if slices.ContainsFunc(run, shared) {
				near = append(near, value)
			}
		}
	}
	slices.Sort(near)
	out.Nobody = append(out.Nobody, Nobody{"role", words(run), cut(near)})
}

func (r *reading) beginsOther(i int) bool {
	t := r.tokens[i]
	return r.used[i] || t.number || r.client.end[t.key] || r.client.before[t.key] || r.longestAt(r.placeCue, i) > 0
}

func (r *reading) reportPlace(out *Understanding) {
	if slices.ContainsFunc(out.Places, func(f Found) bool { return len(f.Values) > 0 }) {
		return
	}
	first := out.Places[0]
	var near []documentPlace
	for _, p := range r.places {
		if first.State != nil && p.code == *first.State && p.People > 0 && p.City != "" {
			near = append(near, p)
		}
	}
	slices.SortStableFunc(near, func(a, b documentPlace) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.City, b.City))
	})
	var names []string
	for _, p := range near {
		names = append(names, p.City+", "+p.State)
	}
	out.Nobody = append(out.Nobody, Nobody{"place", first.Text, cut(names)})
}
