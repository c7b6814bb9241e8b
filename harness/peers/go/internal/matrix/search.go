package matrix

import (
	"cmp"
	"fmt"
	"slices"

	"lakehouse.invalid/peer/internal/roles"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
)

// The shapes of hits.
const (
	cold     = "cold"
	boosted  = "boosted"
	injected = "injected"
)

// hit is a document in a ranking. Its distance is base times factor; a hit
// moved by a recording has that recording's id and score. The cut does not
// remove a hit that is kept.
type hit struct {
	corpus    string
	item      *vectors.Item
	base      float64
	factor    float64
	shape     string
	recording string
	score     float64
	tier      int
	spare     bool // beyond the first k of its corpus
	kept      bool
}

// distance has the tiers before the hit's, unless a recording has brought it
// into the first one.
func (h *hit) distance() float64 {
	d := h.base * h.factor
	if h.shape == cold || h.factor > 1 {
		d += tierDistance * float64(h.tier)
	}
	return d
}

func compare(a, b *hit) int {
	return cmp.Or(
		cmp.Compare(a.distance(), b.distance()),
		cmp.Compare(a.item.ID, b.item.ID),
		cmp.Compare(a.corpus, b.corpus),
	)
}

// asked is a corpus of a search. The index and the query's vector are set
// unless it failed.
type asked struct {
	name   string
	index  *vectors.Index
	vector vectors.Vector
	hits   int
	failed error
	// related is the number of hits whose role is only related.
	related int
	full    bool // it has as many hits as it may
}

// result is the ranking of a search, and the corpora searched for it.
type result struct {
	hits     []*hit
	asked    []*asked
	playbook verdict
	notices  []string
	plan     *plan
}

// search ranks the documents of the corpora and applies playbooks.
func (s *Service) search(req *request) (*result, error) {
	res := &result{playbook: verdict{source: roles.None}}
	embedder := s.newEmbedder(req.text)
	perCorpus := req.k
	if req.usePlaybook {
		// These may replace hits that are moved away.
		perCorpus += maxConsidered
	}
	var corpora []*vectors.Index
	for _, name := range req.corpora {
		a := &asked{name: name}
		res.asked = append(res.asked, a)
		if x, err := s.corpus(name); err == nil {
			corpora = append(corpora, x)
		}
		a.failed = s.prepare(a, embedder)
	}
	if !slices.ContainsFunc(res.asked, func(a *asked) bool { return a.failed == nil }) {
		return nil, res.asked[0].failed
	}
	res.plan = everything()
	if req.understand && s.Dictionary != nil {
		res.plan = s.planOf(req, corpora)
	}
	res.find(req, perCorpus)
	slices.SortFunc(res.hits, compare)
	if !res.plan.off {
		res.reportNobody()
	}
	if req.usePlaybook {
		s.applyPlaybook(req, res, embedder)
		slices.SortFunc(res.hits, compare)
	}
	res.hits = slices.DeleteFunc(res.hits, func(h *hit) bool { return h.base > req.maxDistance })
	res.cut(req.k)
	res.notices = req.notices(res.asked)
	return res, nil
}

// find finds the hits of the corpora by the plan, tier by tier.
func (res *result) find(req *request, perCorpus int) {
	res.hits = nil
	for _, a := range res.asked {
		if a.failed != nil {
			continue
		}
		count := 0
		a.hits, a.related = 0, 0
		for i, t := range res.plan.tiers {
			pass := func(item *vectors.Item) bool {
				return req.pass(item) && res.plan.allows(item) && res.plan.tierOf(item) == i
			}
			if res.plan.off {
				pass = req.pass
			}
			found := a.index.Search(vectors.Query{Vector: a.vector.Components, K: perCorpus, Pass: pass})
			for _, f := range found {
				if f.Distance > req.maxDistance || count == perCorpus {
					break
				}
				count++
				if count <= req.k && t.grade == related {
					a.related++
				}
				res.hits = append(res.hits, &hit{corpus: a.name, item: f.Item, base: f.Distance, factor: 1, shape: cold, tier: i, spare: count > req.k})
			}
		}
		a.hits = min(count, req.k)
		a.full = count >= req.k
	}
}

// notices reports what the filters cannot match in the searched corpora.
func (req *request) notices(corpora []*asked) (notices []string) {
	for _, a := range corpora {
		if a.failed != nil {
			continue
		}
		for _, source := range req.sources {
			for _, notice := range a.index.Notices(source.filter.Tests()) {
				notices = append(notices, fmt.Sprintf("%s: no document of `%s` %s", source.member, a.name, notice))
			}
		}
	}
	return notices
}

// cut keeps k hits: those that must be kept, and the first of the others.
func (res *result) cut(k int) {
	kept := 0
	for _, h := range res.hits {
		if h.kept {
			kept++
		}
	}
	kept = min(kept, k)
	others := k - kept
	res.hits = slices.DeleteFunc(res.hits, func(h *hit) bool {
		left := &others
		if h.kept {
			left = &kept
		}
		*left--
		return *left < 0
	})
}

// prepare finds a corpus and embeds the query by its model.
func (s *Service) prepare(a *asked, e *embedder) (err error) {
	if a.index, err = s.corpus(a.name); err != nil {
		return err
	}
	a.vector, err = e.vector(a.index)
	return err
}

// embedder embeds one text by several models, once by each.
type embedder struct {
	service *Service
	text    string
	made    map[string]embedded
}

type embedded struct {
	vector vectors.Vector
	err    error
}

func (s *Service) newEmbedder(text string) *embedder {
	return &embedder{s, text, map[string]embedded{}}
}

// vector returns the text's vector for an index that has a space.
func (e *embedder) vector(x *vectors.Index) (vectors.Vector, error) {
	made, ok := e.made[*x.Space]
	if !ok {
		var list []vectors.Vector
		if _, list, made.err = e.service.vectorsOf(x.Space, e.text); made.err == nil {
			made.vector = list[0]
		}
		e.made[*x.Space] = made
	}
	if made.err != nil {
		return vectors.Vector{}, made.err
	}
	return made.vector, vectorsearch.Refused(x.Check(made.vector))
}
