package vectors

import (
	"errors"
	"fmt"
	"math/rand"

	"github.com/coder/hnsw"
)

// The parameters of graphs. The library ends a walk as soon as it has as many
// candidates as were asked for and the last step brought nothing nearer, when
// it inserts as well as when it searches. What it finds is poor therefore, and
// only asking for a share of all the items makes up for some of that.
const (
	neighbours    = 16
	insertBeam    = 64
	leastFetched  = 1000
	fetchedShare  = 4
	fetchedPerHit = 4
)

// errAbandoned ends the build of a graph that nobody wants any more.
var errAbandoned = errors.New("abandoned")

// graph finds items that are probably near. Nothing is added to or deleted
// from one that is built: v0.6.1 dereferences nil when it reconnects the
// neighbours of a deleted node. It can be searched by many at once therefore.
// An item is known in it by its serial, so that one that was replaced since is
// another node.
type graph struct {
	nodes hnsw.Graph[uint64]
	items map[uint64]*Item
	last  uint64
}

// newGraph builds a graph of items, the greatest serial of which is last. What
// goes wrong in the library is an error.
func newGraph(items []*Item, distance Distance, last uint64, abandoned func() bool) (g *graph, err error) {
	defer guard(&err)
	g = &graph{items: make(map[uint64]*Item, len(items)), last: last}
	g.nodes = hnsw.Graph[uint64]{
		M:        neighbours,
		Ml:       1.0 / neighbours,
		EfSearch: insertBeam,
		Distance: hnsw.CosineDistance,
		// A seed of its own: a build that failed is not to fail again.
		Rng: rand.New(rand.NewSource(rand.Int63())),
	}
	if distance == Euclidean {
		g.nodes.Distance = hnsw.EuclideanDistance
	}
	for _, item := range items {
		if abandoned() {
			return nil, errAbandoned
		}
		g.items[item.serial] = item
		g.nodes.Add(hnsw.MakeNode(item.serial, item.Vector))
	}
	return g, nil
}

// near are items that are probably among the nearest to a vector, many more
// than k, in no order.
func (g *graph) near(vector []float32, k, beam int) (items []*Item, err error) {
	defer guard(&err)
	fetched := max(leastFetched, len(g.items)/fetchedShare, fetchedPerHit*k, beam)
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
