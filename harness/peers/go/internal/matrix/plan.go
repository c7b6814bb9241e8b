package matrix

import (
	"slices"

	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
)

// tierDistance is what each tier before a hit's adds to its distance.
const tierDistance = 2

// grade is how the role of a tier's documents is the one asked for.
type grade string

const (
	ofAny    grade = ""
	ofRole   grade = "role"
	ofSecond grade = "second_role"
	related  grade = "related"
	ofNotes  grade = "notes"
)

// tier has the documents that fit it and no tier before.
type tier struct {
	grade grade
	fits  condition
}

// plan decides which documents are hits, and in which order.
type plan struct {
	tiers    []tier
	allows   condition
	off      bool
	bare     bool // hits match nothing but their role
	person   bool // a person is looked up
	asked    *understand.Understanding
	personBy *person
}

func always(*vectors.Item) bool { return true }

// everything is the plan of a search that understands nothing.
func everything() *plan {
	return &plan{tiers: []tier{{ofAny, always}}, allows: always, off: true}
}

// lookUp is a plan for the documents of a person, tier by tier.
func lookUp(u *understand.Understanding, by *person, parts ...condition) *plan {
	p := &plan{asked: u, person: true, personBy: by}
	u.Nobody = nil
	for _, is := range parts {
		p.tiers = append(p.tiers, tier{ofAny, is})
	}
	p.allows = func(item *vectors.Item) bool { return p.tierOf(item) < len(p.tiers) }
	return p
}

// nobodyIs is a plan for someone whom no document has.
func nobodyIs(u *understand.Understanding, by *person, text string, nearest []string) *plan {
	p := lookUp(u, by)
	u.Nobody = []understand.Nobody{{What: "person", Text: text, Nearest: nearest}}
	return p
}

// planFor is the plan for what is understood.
func planFor(u *understand.Understanding) *plan {
	p := &plan{asked: u, allows: func(item *vectors.Item) bool { return meets(item, u) }}
	if len(u.Nobody) > 0 {
		p.bare = true
		p.tiers = []tier{{ofNotes, isNote}}
		return p
	}
	p.tiers = roleTiers(u)
	if len(u.Shifts) > 0 {
		p.orderByShift(func(item *vectors.Item) bool { return hasShift(item, u.Shifts) })
	}
	if ranked(u.Places) {
		var parts []condition
		for i := range u.Places {
			parts = append(parts, func(item *vectors.Item) bool { return isIn(item, u.Places[i:i+1]) })
		}
		p.divide(append(parts, always)...)
	}
	return p
}

func roleTiers(u *understand.Understanding) (tiers []tier) {
	var values []string
	for _, r := range u.Roles {
		if len(r.Values) > 0 {
			values = append(values, r.Values...)
			tiers = append(tiers, tier{ofRole, func(item *vectors.Item) bool { return oneOf(item, roleMember, r.Values) }})
		}
	}
	if len(tiers) == 0 {
		return []tier{{ofAny, always}}
	}
	return append(tiers,
		tier{ofSecond, func(item *vectors.Item) bool { return oneOf(item, secondRoleMember, values) }},
		tier{related, func(item *vectors.Item) bool { return oneOf(item, roleMember, u.Related) }},
		tier{ofNotes, isNote},
	)
}

// ranked reports whether places are the cities of one name.
func ranked(places []understand.Found) bool {
	other := func(f understand.Found) bool {
		return f.City == nil || f.Text != places[0].Text || f.How != "name" && f.How != "spelling"
	}
	return len(places) > 1 && !slices.ContainsFunc(places, other)
}

// orderByShift puts those with the shift before those without it, whether the
// role is their first or their second one.
func (p *plan) orderByShift(has condition) {
	able := slices.IndexFunc(p.tiers, func(t tier) bool { return t.grade == related })
	if able < 0 {
		able = len(p.tiers)
	}
	first := p.tiers[:able]
	p.tiers = slices.Concat(divided(first, has), first, divided(p.tiers[able:], has, always))
}

// divide divides each tier into parts.
func (p *plan) divide(parts ...condition) { p.tiers = divided(p.tiers, parts...) }

func divided(whole []tier, parts ...condition) (tiers []tier) {
	for _, whole := range whole {
		for _, part := range parts {
			fits := func(item *vectors.Item) bool { return whole.fits(item) && part(item) }
			tiers = append(tiers, tier{whole.grade, fits})
		}
	}
	return tiers
}

// tierOf returns the place of a document's tier, or the number of tiers.
func (p *plan) tierOf(item *vectors.Item) int {
	at := slices.IndexFunc(p.tiers, func(t tier) bool { return t.fits(item) })
	if at < 0 {
		return len(p.tiers)
	}
	return at
}

// matches returns what of the query a hit matches.
func (p *plan) matches(h *hit) (list []string) {
	if p.person {
		return []string{"person"}
	}
	if h.tier < len(p.tiers) {
		switch g := p.tiers[h.tier].grade; g {
		case ofRole, ofSecond, related:
			list = append(list, string(g))
		}
	}
	if p.bare || isNote(h.item) {
		return list
	}
	if len(p.asked.Places) > 0 {
		list = append(list, "place")
	}
	if hasShift(h.item, p.asked.Shifts) {
		list = append(list, "shift")
	}
	if len(p.asked.Certificates) > 0 {
		list = append(list, "certificates")
	}
	return list
}
