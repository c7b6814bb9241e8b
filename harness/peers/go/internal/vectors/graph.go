package vectors

import (
	"fmt"
	"math/rand"

	"github.com/coder/hnsw"
	"github.com/viterin/vek/vek32"
)

// The parameters of graphs. The library ends a walk as soon as it has the
// requested number of candidates and the last step brought nothing nearer,
// both when it inserts and when it searches, and it drops any of the
// candidates instead of the worst. Its results are therefore poor. Many
// neighbours compensate for some of that, and so does requesting many more
// items than needed.
const (
	neighbours    = 32
	levelShare    = 0.25
	insertBeam    = 100
	leastFetched  = 1000
	fetchedPerHit = 4
)

// graph finds items that are probably near. Items are added to it but never
// deleted: v0.6.1 dereferences nil when it reconnects the neighbours of a
// deleted node. Concurrent searches are safe while nothing is added. A node's
// key is its item's place among the items, so the replacement of an item is
// another node.
type graph struct {
	nodes hnsw.Graph[int]
	items []*Item
	known map[*Item]bool
}

// newGraph returns a graph with room for that many items.
func newGraph(distance Distance, room int) *graph {
	g := &graph{items: make([]*Item, 0, room), known: make(map[*Item]bool, room)}
	g.nodes = hnsw.Graph[int]{
		M:        neighbours,
		Ml:       levelShare,
		EfSearch: insertBeam,
		Distance: cosineOfUnits,
		// Each graph has its own seed, so that a build that failed does not
		// fail again in the same way.
		Rng: rand.New(rand.NewSource(rand.Int63())),
	}
	if distance == Euclidean {
		g.nodes.Distance = hnsw.EuclideanDistance
	}
	return g
}

// cosineOfUnits needs no norms, because vectors are stored with length 1. For
// a query of another length the distances are wrong, but their order is right.
func cosineOfUnits(a, b []float32) float32 { return 1 - vek32.Dot(a, b) }

// add adds an item. After an error, which includes a panic in the library, the
// graph must not be used.
func (g *graph) add(item *Item) (err error) {
	defer guard(&err)
	key := len(g.items)
	g.items = append(g.items, item)
	g.known[item] = true
	g.nodes.Add(hnsw.MakeNode(key, item.Vector))
	return nil
}

// has reports whether an item has been added; a nil graph has none.
func (g *graph) has(item *Item) bool { return g != nil && g.known[item] }

// near returns items that are probably among the nearest to a vector, many
// more than k, in no order.
func (g *graph) near(vector []float32, k, beam int) (items []*Item, err error) {
	defer guard(&err)
	fetched := max(leastFetched, fetchedPerHit*k, beam)
	// The beam is a field of the graph; a copy has its own.
	nodes := g.nodes
	nodes.EfSearch = fetched
	for _, node := range nodes.Search(vector, fetched) {
		items = append(items, g.items[node.Key])
	}
	return items, nil
}

// guard converts a panic in the library to an error.
func guard(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("graph failed: %v", cause)
	}
}
