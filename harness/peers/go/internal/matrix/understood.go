package matrix

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
)

// planOf returns the plan for a query. Who is looked up counts more than what
// is asked for.
func (s *Service) planOf(req *request, corpora []*vectors.Index) *plan {
	u := understand.New(s.Dictionary, vocabulary(corpora))
	asked := u.Understand(req.text)
	read := understand.ReadPart(req.text)
	pieces := piecesOf(read)
	has := func(id string) bool {
		return slices.ContainsFunc(corpora, func(x *vectors.Index) bool { _, ok := x.Get(id); return ok })
	}
	if written, found := ids(pieces, has); len(found) > 0 {
		return lookUp(asked, &person{"id", written[0]}, func(item *vectors.Item) bool { return slices.Contains(found, item.ID) })
	}
	if list := emails(pieces); len(list) > 0 {
		is := func(value string) bool {
			return slices.ContainsFunc(list, func(s string) bool { return text.Fold(s) == text.Fold(value) })
		}
		by := &person{"email", list[0]}
		if values := contacts(corpora, "email", is); len(values) > 0 {
			return lookUp(asked, by, having("email", values))
		}
		return nobodyIs(asked, by, list[0], near(text.Fold(list[0]), valuesOf(corpora, "email"), text.Fold))
	}
	if written, numbers := phones(read); len(numbers) > 0 {
		is := func(value string) bool {
			_, own := phones(value)
			return slices.ContainsFunc(own, func(n string) bool { return slices.Contains(numbers, n) })
		}
		by := &person{"phone", written[0]}
		if values := contacts(corpora, "phone", is); len(values) > 0 {
			return lookUp(asked, by, having("phone", values))
		}
		return nobodyIs(asked, by, written[0], nil)
	}
	known := knownNames(u, corpora)
	if found := namesIn(u, pieces, known); found.text != "" {
		return lookUp(asked, &person{"name", found.text}, having("name", found.same), having("name", found.fitting))
	}
	if id := unknownID(u, pieces); id != "" && len(asked.Roles)+len(asked.Places)+len(asked.Shifts)+len(asked.Certificates) == 0 {
		return nobodyIs(asked, nil, id, nil)
	}
	if len(known) > 0 && len(pieces) <= 12 {
		reportName(u, asked, known)
	}
	return planFor(asked)
}

// unknownID returns what looks like an id and is the whole text, but for what
// stands before a name.
func unknownID(u *understand.Understander, pieces []piece) string {
	if len(pieces) == 0 {
		return ""
	}
	var before []string
	for _, p := range pieces[:len(pieces)-1] {
		before = append(before, p.text)
	}
	id := pieces[len(pieces)-1].text
	if !digit.MatchString(id) || !letter.MatchString(id) || len(before) > 0 && !u.BeforeName(strings.Join(before, " ")) {
		return ""
	}
	return id
}

// reportName reports a name that is asked for and that no document has.
func reportName(u *understand.Understander, asked *understand.Understanding, known map[string]understand.Name) {
	values := map[string]bool{}
	for value := range known {
		values[value] = true
	}
	for _, name := range asked.Names {
		list := near(u.NameOf(name.Text).Joined(), values, func(value string) string { return known[value].Joined() })
		if name.Clear || len(list) > 0 {
			asked.Nobody = []understand.Nobody{{What: "person", Text: name.Text, Nearest: list}}
			return
		}
	}
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
