package matrix

import (
	"slices"
	"time"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roles"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/vectors"
)

// Limits of the recordings that a search considers.
const (
	maxConsidered = 16
	maxAway       = 0.6
)

// verdict is the effect of playbooks on a search.
type verdict struct {
	used     bool
	role     string // empty where there is none
	source   roles.Source
	boosted  int
	injected int
	rejected []rejection
}

// rejection is a recording that had no effect.
type rejection struct {
	recording *recording
	reason    string
}

// answer names a document.
type answer struct {
	corpus, id string
}

// gate decides on the recordings considered for one query.
type gate struct {
	req    *request
	res    *result
	known  *roles.Known
	places roles.Places
	now    time.Time
	seen   map[answer]bool
	// ranked are the hits of the cold ranking, in its order, including those
	// after the first k that may move up.
	ranked map[answer]int
}

// applyPlaybook moves the hits of a result, which are in the order of the cold
// ranking, by the recordings.
func (s *Service) applyPlaybook(req *request, res *result, e *embedder) {
	known := s.known()
	query := known.Read(req.queryRole, req.text)
	v := &res.playbook
	v.role, v.source = query.Role, query.Source
	considered, err := s.considered(e)
	if err != nil {
		// The recordings cannot be compared with the query.
		return
	}
	v.used = true
	g := gate{req: req, res: res, known: known, places: query.Places, now: time.Now(), seen: map[answer]bool{}, ranked: map[answer]int{}}
	for i, h := range res.hits {
		g.ranked[answer{h.corpus, h.item.ID}] = i
	}
	for _, r := range considered {
		if reason := g.decide(r); reason != "" {
			v.rejected = append(v.rejected, rejection{r, reason})
		}
	}
}

// lexicon is what is known as of some number of changes to it.
type lexicon struct {
	known   *roles.Known
	changes uint64
}

// known returns the roles and cities of all documents, and the synonyms of all
// recordings. They seldom change.
func (s *Service) known() *roles.Known {
	changes := s.Store.FacetChanges()
	if kept := s.lexicon.Load(); kept != nil && kept.changes == changes {
		return kept.known
	}
	known := roles.NewKnown(s.words())
	for _, x := range s.corpora() {
		for _, role := range x.Facet(roleMember) {
			known.AddRole(role)
		}
		for _, city := range x.Facet(cityMember) {
			known.AddCity(city)
		}
	}
	if x, ok := s.Store.Get(playbookIndex); ok && x.Space != nil {
		known.SetSynonyms(x.Facet(synonymMember))
	}
	s.lexicon.Store(&lexicon{known, changes})
	return known
}

// words returns the words of the lexicon, or none.
func (s *Service) words() *roles.Lexicon {
	s.compile.Do(func() {
		s.compiled = &roles.Lexicon{}
		if s.Dictionary != nil {
			s.compiled = roles.NewLexicon(s.Dictionary.Lexicon)
		}
	})
	return s.compiled
}

// considered returns the recordings nearest to a query, nearest first.
func (s *Service) considered(e *embedder) (list []*recording, err error) {
	x, ok := s.Store.Get(playbookIndex)
	if !ok || x.Space == nil {
		return nil, nil
	}
	vector, err := e.vector(x)
	if err != nil {
		return nil, err
	}
	// An item that is not a recording does not count. There are few such
	// items, and filtering all items would take longer than searching again.
	for k := maxConsidered; ; k *= 2 {
		hits := x.Search(vectors.Query{Vector: vector.Components, K: k})
		list = recordingsNear(hits)
		if len(list) == maxConsidered || len(hits) < k || hits[k-1].Distance > maxAway {
			return list, nil
		}
	}
}

// recordingsNear returns the recordings among hits that are considered.
func recordingsNear(hits []vectors.Hit) (list []*recording) {
	for _, h := range hits {
		if len(list) == maxConsidered || h.Distance > maxAway {
			break
		}
		if r := readRecording(h.Item); r != nil {
			list = append(list, r)
		}
	}
	return list
}

// decide boosts or injects the answer of a recording, or returns the reason
// for rejecting it.
func (g *gate) decide(r *recording) (reason string) {
	repeated := g.repeats(r)
	if !repeated {
		if reason := g.mismatch(r); reason != "" {
			return reason
		}
	}
	key := answer{r.corpus, r.answerID}
	if g.seen[key] {
		return "superseded"
	}
	g.seen[key] = true
	i := slices.IndexFunc(g.res.asked, func(a *asked) bool { return a.name == r.corpus && a.failed == nil })
	if i < 0 {
		return "corpus_not_searched"
	}
	from := g.res.asked[i]
	item, ok := from.index.Get(r.answerID)
	switch {
	case !ok:
		return "answer_gone"
	case !g.req.pass(item):
		return "filtered"
	case !repeated && g.elsewhere(r, item):
		return "judge_city"
	case !repeated && !g.res.plan.allows(item):
		return "filtered"
	}
	score := r.scoreAt(g.now)
	place, ranked := g.ranked[key]
	if ranked && place < g.req.k {
		g.res.hits[place].move(boosted, r, score)
		g.res.hits[place].kept = repeated && score > 0
		g.res.playbook.boosted++
		return ""
	}
	if score <= 0 {
		return "negative"
	}
	if reason := g.judge(item, repeated); reason != "" {
		return reason
	}
	if !ranked {
		place = len(g.res.hits)
		base := from.index.Measure(from.vector.Components, item).Distance
		g.res.hits = append(g.res.hits, &hit{corpus: r.corpus, item: item, base: base, tier: g.res.plan.tierOf(item)})
	}
	g.res.hits[place].move(injected, r, score)
	g.res.hits[place].kept = repeated
	g.res.playbook.injected++
	return ""
}

func (h *hit) move(shape string, r *recording, score float64) {
	h.shape, h.recording, h.score, h.factor = shape, r.id, score, 1-0.5*score
}

// repeats reports whether the query is the very question that was recorded.
func (g *gate) repeats(r *recording) bool {
	v := &g.res.playbook
	if v.source == roles.Request && !g.known.Same(v.role, r.role) {
		return false
	}
	return text.Squeezed(g.req.text) == text.Squeezed(r.queryText)
}

// mismatch returns the reason for which a recording is for another role.
func (g *gate) mismatch(r *recording) string {
	role := g.res.playbook.role
	switch {
	case role == "":
		return "no_query_role"
	case r.role == "":
		return "no_recorded_role"
	case !g.known.Same(r.role, role):
		return "role_mismatch"
	}
	return ""
}

// elsewhere reports whether an answer is not where the query asks for it.
func (g *gate) elsewhere(r *recording, item *vectors.Item) bool {
	address := roles.Address{City: textOf(item, cityMember), State: textOf(item, stateMember)}
	return g.known.Elsewhere(g.places, address, func() roles.Places { return g.known.Read("", r.queryText).Places })
}

// textOf returns a member of an item's metadata, or "" when it is no string.
func textOf(item *vectors.Item, member string) string {
	v, _ := item.Members().Get(member)
	if v.Kind() != rawjson.String {
		return ""
	}
	return v.Text()
}

// judge returns the reason for not injecting a document, if there is one.
func (g *gate) judge(item *vectors.Item, repeated bool) (reason string) {
	available, _ := item.Members().Get(availableMember)
	role := roles.Key(textOf(item, roleMember))
	switch {
	case !repeated && g.known.Has(g.res.playbook.role) && !g.known.Same(role, g.res.playbook.role):
		return "judge_role"
	case available.Kind() == rawjson.Bool && !available.Bool():
		return "judge_unavailable"
	}
	return ""
}
