package vectors

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// Limits of what is searched without a graph: an index of at most exactLimit
// items is scanned, and so are the items that came after the graph was built,
// until there are as many as a share of the index.
const (
	exactLimit   = 5000
	staleAtLeast = 1000
	staleShare   = 5
)

// Index is items by id, which are the truth, and for a large index a graph of
// them that is built anew in the background when it has gone stale.
type Index struct {
	Name string
	Spec

	mu     sync.RWMutex
	items  map[string]*Item
	facets map[string]map[string]int
	serial uint64

	graph    *graph
	fresh    []*Item // those with a greater serial than the graph's last
	dead     int     // how many of the graph's items are gone
	building bool
	dropped  atomic.Bool
	builds   *sync.Mutex // held by whoever builds a graph, of all indexes
}

func newIndex(name string, spec Spec, facets []string, builds *sync.Mutex) *Index {
	x := &Index{
		Name:   name,
		Spec:   spec,
		items:  map[string]*Item{},
		facets: map[string]map[string]int{},
		builds: builds,
	}
	for _, member := range facets {
		x.facets[member] = map[string]int{}
	}
	return x
}

// Len is the number of items.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.items)
}

// Get is the item of an id.
func (x *Index) Get(id string) (*Item, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	item, ok := x.items[id]
	return item, ok
}

// Facet are the strings that a member of the metadata has in some item; it is
// one of those that the store was opened with.
func (x *Index) Facet(member string) []string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.Collect(maps.Keys(x.facets[member]))
}

// put adds items in their order, all at once as searches see it.
func (x *Index) put(items []*Item) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, item := range items {
		x.remove(item.ID)
		x.serial++
		item.serial = x.serial
		x.items[item.ID] = item
		x.fresh = append(x.fresh, item)
		x.count(item, 1)
	}
	x.refresh()
}

// delete removes items, all at once as searches see it.
func (x *Index) delete(ids []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, id := range ids {
		x.remove(id)
	}
	x.refresh()
}

func (x *Index) remove(id string) {
	item, ok := x.items[id]
	if !ok {
		return
	}
	delete(x.items, id)
	x.count(item, -1)
	if x.graph != nil && item.serial <= x.graph.last {
		x.dead++
	}
}

func (x *Index) count(item *Item, by int) {
	for member, values := range x.facets {
		v, ok := item.members.Get(member)
		if !ok || v.Text() == "" {
			continue
		}
		if values[v.Text()] += by; values[v.Text()] == 0 {
			delete(values, v.Text())
		}
	}
}

// live tells whether an item has been neither replaced nor deleted.
func (x *Index) live(item *Item) bool { return x.items[item.ID] == item }

// refresh keeps the graph in proportion to the items.
func (x *Index) refresh() {
	if len(x.items) <= exactLimit || x.Distance == Dot {
		// A dot product is no metric, and a walk by it finds little.
		x.graph, x.fresh, x.dead = nil, nil, 0
		return
	}
	stale := len(x.fresh) + x.dead
	if !x.building && (x.graph == nil || stale > max(staleAtLeast, len(x.items)/staleShare)) {
		x.building = true
		go x.rebuild()
	}
}

// rebuild builds a graph of the items there are, without holding up searches
// or writes.
func (x *Index) rebuild() {
	x.builds.Lock()
	defer x.builds.Unlock()
	x.mu.RLock()
	items, last := slices.Collect(maps.Values(x.items)), x.serial
	x.mu.RUnlock()
	g, err := newGraph(items, x.Distance, last, x.dropped.Load)

	x.mu.Lock()
	defer x.mu.Unlock()
	x.building = false
	if err != nil {
		// Searches scan the items until a write asks for a graph again.
		if err != errAbandoned {
			fmt.Fprintf(os.Stderr, "peer: index `%s`: %v\n", x.Name, err)
		}
		return
	}
	x.graph, x.dead, x.fresh = g, 0, nil
	for _, item := range items {
		if !x.live(item) {
			x.dead++
		}
	}
	for _, item := range x.items {
		if item.serial > last {
			x.fresh = append(x.fresh, item)
		}
	}
	x.refresh()
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), cmp.Compare[string])
}
