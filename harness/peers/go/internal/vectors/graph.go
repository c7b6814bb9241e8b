package vectors

import (
	"fmt"
	"math/rand"

	"github.com/coder/hnsw"
	"github.com/viterin/vek/vek32"
)

// The parameters of graphs. The library ends a walk as soon as it has as many
// candidates as were asked for and the last step brought nothing nearer, when
// it inserts as well as when it searches, and of the candidates it drops any
// but the worst. What it finds is poor therefore. Many neighbours make up for
// some of that, and so does asking for many more items than are wanted.
const (
	neighbours    = 32
	levelShare    = 0.25
	insertBeam    = 100
	leastFetched  = 1000
	fetchedPerHit = 4
)

// graph finds items that are probably near. Items are added to it, and none is
// ever deleted: v0.6.1 dereferences nil when it reconnects the neighbours of a
// deleted node. It can be searched by many at once while nothing is added. A
// node's key is its item's place among the items, so that one that was replaced
// since is another node.
type graph struct {
	nodes hnsw.Graph[int]
	items []*Item
	known map[*Item]bool
}

// newGraph is a graph with room for so many items.
func newGraph(distance Distance, room int) *graph {
	g := &graph{items: make([]*Item, 0, room), known: make(map[*Item]bool, room)}
	g.nodes = hnsw.Graph[int]{
		M:        neighbours,
		Ml:       levelShare,
		EfSearch: insertBeam,
		Distance: cosineOfUnits,
		// A seed of its own: a build that failed is not to fail again.
		Rng: rand.New(rand.NewSource(rand.Int63())),
	}
	if distance == Euclidean {
		g.nodes.Distance = hnsw.EuclideanDistance
	}
	return g
}

// cosineOfUnits spares the norms of vectors that are kept with length 1. Of a
// query of another length the distances are off, and their order is right.
func cosineOfUnits(a, b []float32) float32 { return 1 - vek32.Dot(a, b) }

// add adds an item. What goes wrong in the library is an error, and the graph
// is not to be used then.
func (g *graph) add(item *Item) (err error) {
	defer guard(&err)
	key := len(g.items)
	g.items = append(g.items, item)
	g.known[item] = true
	g.nodes.Add(hnsw.MakeNode(key, item.Vector))
	return nil
}

// has tells whether an item has been added; no graph has none.
func (g *graph) has(item *Item) bool { return g != nil && g.known[item] }

// near are items that are probably among the nearest to a vector, many more
// than k, in no order.
func (g *graph) near(vector []float32, k, beam int) (items []*Item, err error) {
	defer guard(&err)
	fetched := max(leastFetched, fetchedPerHit*k, beam)
	// The beam is a field of the graph; a copy has one of its own.
	nodes := g.nodes
	nodes.EfSearch = fetched
	for _, node := range nodes.Search(vector, fetched) {
		items = append(items, g.items[node.Key])
	}
	return items, nil
}

// guard makes an error of a panic in the library.
func guard(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("graph failed: %v", cause)
	}
}
