package vectors

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Limits of searches without a graph: an index of at most exactLimit items is
// scanned, and so are up to freshLimit items that are newer than the graph. A
// graph is dropped when a share of its items is gone, and at least
// goneAtLeast.
const (
	exactLimit  = 5000
	freshLimit  = 1000
	goneAtLeast = 1000
	goneShare   = 5
)

// shared is the common state of a store's indexes.
type shared struct {
	// builds is locked by the goroutine that works on a graph.
	builds sync.Mutex
	// facetChanges counts how often a value of a facet appeared or
	// disappeared.
	facetChanges atomic.Uint64
}

// Index has items by id, which are the truth, and for a large index a graph of
// them that grows in the background.
type Index struct {
	Name string
	Spec
	shared *shared

	mu     sync.RWMutex
	items  map[string]*Item
	list   []*Item // the same items, in the order of a scan
	facets map[string]map[string]int
	fields map[string]*usage

	graph    *graph
	fresh    []*Item // items that the graph does not have
	dead     int     // number of the graph's items that are gone
	building bool    // a goroutine builds or extends the graph, or waits to
	dropped  atomic.Bool
}

func newIndex(name string, spec Spec, facets []string, shared *shared) *Index {
	x := &Index{
		Name:   name,
		Spec:   spec,
		shared: shared,
		items:  map[string]*Item{},
		facets: map[string]map[string]int{},
		fields: map[string]*usage{},
	}
	for _, member := range facets {
		x.facets[member] = map[string]int{}
	}
	return x
}

// Len returns the number of items.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.items)
}

// Get returns the item with an id.
func (x *Index) Get(id string) (*Item, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	item, ok := x.items[id]
	return item, ok
}

// IDs returns the ids that follow one, at most limit of them, in the order of
// their bytes.
func (x *Index) IDs(after string, limit int) []string {
	x.mu.RLock()
	var ids []string
	for id := range x.items {
		if id > after {
			ids = append(ids, id)
		}
	}
	x.mu.RUnlock()
	slices.Sort(ids)
	return ids[:min(len(ids), limit)]
}

// Items yields the items as of now, in no particular order.
func (x *Index) Items() iter.Seq[*Item] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.Values(slices.Clone(x.list))
}

// Facet returns the strings that a member of the metadata has in some item;
// the store was opened with that member.
func (x *Index) Facet(member string) []string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.Collect(maps.Keys(x.facets[member]))
}

// put adds items in their order; searches see all of them or none.
func (x *Index) put(items []*Item) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, item := range items {
		x.remove(item.ID)
		item.slot = len(x.list)
		x.items[item.ID] = item
		x.list = append(x.list, item)
		x.fresh = append(x.fresh, item)
		x.count(item, 1)
	}
	x.refresh()
}

// delete removes items; searches see all of them or none.
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
	last := len(x.list) - 1
	x.list[item.slot] = x.list[last]
	x.list[item.slot].slot = item.slot
	x.list[last] = nil
	x.list = x.list[:last]
	x.count(item, -1)
	if x.graph.has(item) {
		x.dead++
	}
}

func (x *Index) count(item *Item, by int) {
	x.tally(item, by)
	for member, values := range x.facets {
		v, ok := item.members.Get(member)
		if !ok || v.Text() == "" {
			continue
		}
		before := values[v.Text()]
		if values[v.Text()] += by; values[v.Text()] == 0 {
			delete(values, v.Text())
		}
		if before == 0 || before+by == 0 {
			x.shared.facetChanges.Add(1)
		}
	}
}

// live reports whether an item has been neither replaced nor deleted.
func (x *Index) live(item *Item) bool {
	return item.slot < len(x.list) && x.list[item.slot] == item
}

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), cmp.Compare[string])
}
