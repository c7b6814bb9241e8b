package vectors

import (
	"cmp"
	"slices"

	"github.com/viterin/vek/vek32"
)

// Query asks for the K items nearest to a vector among those that Pass; a nil
// Pass accepts all. Beam is the breadth of a search in a graph, 0 for the
// default.
type Query struct {
	Vector []float32
	K      int
	Beam   int
	Pass   func(item *Item) bool
}

// Hit is a found item.
type Hit struct {
	*Item
	Distance float64
}

// compare orders hits: nearest first, those of equal distance by id.
func compare(a, b Hit) int {
	return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
}

// Check returns the reason why a vector cannot be searched for, if there is
// one.
func (x *Index) Check(v Vector) error { return x.check(x.Name, v) }

// Search returns the nearest items. The query's vector has been checked.
func (x *Index) Search(q Query) []Hit {
	x.mu.RLock()
	if x.graph == nil {
		defer x.mu.RUnlock()
		return x.scan(q)
	}
	hits, err := x.walk(q)
	if err == nil && len(hits) < q.K {
		// The filter passed few of the graph's results.
		hits = x.scan(q)
	}
	g := x.graph
	x.mu.RUnlock()
	if err != nil {
		x.complain(err)
		return x.withoutGraph(g, q)
	}
	return hits
}

// withoutGraph drops a graph that failed, so that another one is built, and
// scans.
func (x *Index) withoutGraph(failed *graph, q Query) []Hit {
	x.mu.Lock()
	if x.graph == failed {
		x.forget()
		x.refresh()
	}
	x.mu.Unlock()
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.scan(q)
}

// scan measures every item.
func (x *Index) scan(q Query) []Hit {
	best := x.newBest(q)
	for _, item := range x.list {
		best.consider(item)
	}
	return best.take()
}

// walk measures the graph's results and all items newer than the graph.
func (x *Index) walk(q Query) ([]Hit, error) {
	found, err := x.graph.near(q.Vector, q.K, q.Beam)
	if err != nil {
		return nil, err
	}
	best := x.newBest(q)
	for _, items := range [][]*Item{found, x.fresh} {
		for _, item := range items {
			if x.live(item) {
				best.consider(item)
			}
		}
	}
	return best.take(), nil
}

// best keeps the nearest of the measured items.
type best struct {
	Query
	distance Distance
	prepared []float32
	hits     []Hit
	bound    *Hit // the K-th of what was considered when last cut
}

func (x *Index) newBest(q Query) *best {
	return &best{Query: q, distance: x.Distance, prepared: x.Distance.prepare(q.Vector)}
}

// roughError exceeds the error of a product of two units in single precision.
const roughError = 1e-4

// beyond reports whether an item is certainly further away than the bound.
// Most are, and single precision suffices to detect it, eight components at a
// time.
func (b *best) beyond(item *Item) bool {
	if b.bound == nil || b.distance != Cosine {
		return false
	}
	rough := 1 - float64(vek32.Dot(b.prepared, item.Vector))
	return rough > b.bound.Distance+roughError
}

func (b *best) consider(item *Item) {
	if b.Pass != nil && !b.Pass(item) || b.beyond(item) {
		return
	}
	hit := Hit{item, b.distance.between(b.prepared, item.Vector)}
	if b.bound != nil && compare(hit, *b.bound) > 0 {
		return
	}
	// Cutting at twice as many makes the sorting cheap per item.
	if b.hits = append(b.hits, hit); len(b.hits) >= 2*b.K {
		b.cut()
	}
}

func (b *best) cut() {
	slices.SortFunc(b.hits, compare)
	if len(b.hits) >= b.K {
		b.hits = b.hits[:b.K]
		bound := b.hits[b.K-1]
		b.bound = &bound
	}
}

func (b *best) take() []Hit {
	b.cut()
	return b.hits
}

// Measure returns an item as a hit, whether or not a search would find it.
func (x *Index) Measure(vector []float32, item *Item) Hit {
	return Hit{item, x.Distance.between(x.Distance.prepare(vector), item.Vector)}
}
