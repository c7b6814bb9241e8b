package matrix

import (
	"cmp"
	"maps"
	"slices"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
)

// plans returns the plans to try for a query, in order: the first that has a
// hit counts, or else the last.
func (s *Service) plans(req *request, corpora []*vectors.Index) []*plan {
	u := understand.New(s.Dictionary, vocabulary(corpora)).Understand(req.text)
	pieces := piecesOf(req.text)
	has := func(id string) bool {
		return slices.ContainsFunc(corpora, func(x *vectors.Index) bool { _, ok := x.Get(id); return ok })
	}
	if written, found := ids(pieces, has); len(found) > 0 {
		p := lookUp(u, func(item *vectors.Item) bool { return slices.Contains(found, item.ID) })
		p.personBy = &person{"id", written[0]}
		return []*plan{p}
	}
	if forms := emails(pieces); len(forms) > 0 {
		p := lookUp(u, func(item *vectors.Item) bool { return oneOf(item, "email", forms) })
		p.personBy = &person{"email", forms[0]}
		return []*plan{p}
	}
	if written, forms := phones(req.text); len(forms) > 0 {
		p := lookUp(u, func(item *vectors.Item) bool { return oneOf(item, "phone", forms) })
		p.personBy = &person{"phone", written[0]}
		return []*plan{p}
	}
	var plans []*plan
	if names := namesIn(pieces); len(names) > 0 {
		plans = append(plans, lookUp(u, called(names)))
	}
	return append(plans, s.planOf(u, pieces))
}

// planOf is the plan for a query that looks up nobody.
func (s *Service) planOf(u *understand.Understanding, pieces []piece) *plan {
	something := len(u.Roles)+len(u.Places)+len(u.Shifts)+len(u.Certificates) > 0
	if len(pieces) == 1 && digit.MatchString(pieces[0].text) && letter.MatchString(pieces[0].text) && !something {
		u.Nobody = []understand.Nobody{{What: "person", Text: pieces[0].text}}
		return &plan{asked: u, bare: true, allows: func(*vectors.Item) bool { return false }}
	}
	return planFor(u)
}

// vocabulary is what the documents of corpora have.
func vocabulary(corpora []*vectors.Index) (v understand.Vocabulary) {
	type pair struct{ city, state string }
	people := map[pair]int64{}
	for _, x := range corpora {
		for item := range x.Items() {
			for _, member := range []string{roleMember, secondRoleMember} {
				if value, _ := item.Members().Get(member); value.Kind() == rawjson.String {
					v.Roles = append(v.Roles, value.Text())
				}
			}
			city, _ := item.Members().Get(cityMember)
			state, _ := item.Members().Get(stateMember)
			if city.Kind() == rawjson.String || state.Kind() == rawjson.String {
				people[pair{textOf(item, cityMember), textOf(item, stateMember)}]++
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(people), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.city, b.city), cmp.Compare(a.state, b.state))
	}) {
		v.Places = append(v.Places, understand.Place{City: p.city, State: p.state, People: people[p]})
	}
	return v
}

// nameFound returns the first name that a hit has.
func nameFound(names []name, hits []*hit) *person {
	for _, n := range names {
		for _, h := range hits {
			if v, _ := h.item.Members().Get("name"); v.Kind() == rawjson.String && slices.Contains(n.forms, v.Text()) {
				return &person{"name", n.text}
			}
		}
	}
	return nil
}

// reportNobody reports what nobody has of what is asked for.
func (res *result) reportNobody() {
	p := res.plan
	u := p.asked
	if p.person || len(u.Nobody) > 0 {
		return
	}
	titled := slices.ContainsFunc(u.Roles, func(r understand.Role) bool { return len(r.Values) > 0 })
	want := ofAny
	if titled {
		want = ofRole
	}
	var exact, profiles, inShift int
	for _, h := range res.hits {
		if res.gradeOf(h) != want || h.spare {
			continue
		}
		exact++
		if !isNote(h.item) {
			profiles++
			if hasShift(h.item, u.Shifts) {
				inShift++
			}
		}
	}
	full := res.fullBeforeRole()
	wants := len(u.Places)+len(u.Certificates) > 0 || u.Years != nil || u.Pay != nil
	switch {
	case titled && exact == 0 && !full:
		u.Nobody = append(u.Nobody, understand.Nobody{What: "together", Nearest: res.nearestRoles()})
		res.dropRelated()
	case !titled && wants && len(res.hits) == 0:
		u.Nobody = append(u.Nobody, understand.Nobody{What: "together"})
	case len(u.Shifts) > 0 && (profiles > 0 || full) && inShift == 0:
		u.Nobody = append(u.Nobody, understand.Nobody{What: "shift", Text: u.Shifts[0].Text})
	}
}

// fullBeforeRole reports whether a corpus has as many hits as it may, all before
// its last tier of a wanted role.
func (res *result) fullBeforeRole() bool {
	last := -1
	for i, t := range res.plan.tiers {
		if t.grade == ofRole {
			last = i
		}
	}
	return slices.ContainsFunc(res.asked, func(a *asked) bool {
		behind := func(h *hit) bool { return h.corpus == a.name && !h.spare && h.tier >= last }
		return a.failed == nil && a.full && !slices.ContainsFunc(res.hits, behind)
	})
}

func (res *result) gradeOf(h *hit) grade { return res.plan.tiers[h.tier].grade }

// nearestRoles returns the roles of hits that have done the work, or could.
func (res *result) nearestRoles() (roles []string) {
	for _, h := range res.hits {
		g := res.gradeOf(h)
		v, _ := h.item.Members().Get(roleMember)
		if h.spare || g != ofSecond && g != related || v.Kind() != rawjson.String {
			continue
		}
		if len(roles) < 5 && !slices.Contains(roles, v.Text()) {
			roles = append(roles, v.Text())
		}
	}
	return roles
}

// dropRelated drops the hits whose role is only related.
func (res *result) dropRelated() {
	for _, a := range res.asked {
		a.hits -= a.related
	}
	res.hits = slices.DeleteFunc(res.hits, func(h *hit) bool { return res.gradeOf(h) == related })
}

// appendUnderstood appends the member `understood`.
func (res *result) appendUnderstood(dst []byte) []byte {
	dst = append(dst, `,"understood":{"person":`...)
	if by := res.plan.personBy; by != nil {
		dst = rawjson.AppendString(append(dst, `{"by":"`+by.by+`","text":`...), by.text)
		dst = append(dst, '}')
	} else {
		dst = append(dst, "null"...)
	}
	dst = append(dst, ',')
	start := len(dst)
	dst = res.plan.asked.AppendJSON(dst)
	return slices.Delete(dst, start, start+1)
}
