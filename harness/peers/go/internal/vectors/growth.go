package vectors

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// errAbandoned ends the work on a graph that is no longer needed.
var errAbandoned = errors.New("abandoned")

// refresh keeps the graph in proportion to the items.
func (x *Index) refresh() {
	switch {
	case len(x.items) <= exactLimit || x.Distance == Dot:
		// A dot product is not a metric, and a walk by it finds little.
		x.forget()
	case x.building:
	case x.graph == nil || x.dead > max(goneAtLeast, len(x.items)/goneShare):
		x.building = true
		go x.work(x.build)
	case len(x.fresh) > freshLimit:
		x.building = true
		go x.work(x.extend)
	}
}

// forget drops the graph.
func (x *Index) forget() { x.graph, x.fresh, x.dead = nil, nil, 0 }

// work builds or extends the graph, for one index of the store at a time.
func (x *Index) work(do func() error) {
	x.shared.builds.Lock()
	err := do()
	x.shared.builds.Unlock()

	x.mu.Lock()
	defer x.mu.Unlock()
	x.building = false
	switch {
	case err == nil:
		x.refresh()
	case err != errAbandoned:
		// Searches scan the items until a write asks for a graph again.
		x.forget()
		x.complain(err)
	}
}

func (x *Index) complain(err error) {
	fmt.Fprintf(os.Stderr, "peer: index `%s`: %v\n", x.Name, err)
}

// build creates a graph of the existing items without blocking searches or
// writes.
func (x *Index) build() error {
	x.mu.RLock()
	items := slices.Clone(x.list)
	x.mu.RUnlock()
	g := newGraph(x.Distance, len(items))
	for _, item := range items {
		if x.dropped.Load() {
			return errAbandoned
		}
		if err := g.add(item); err != nil {
			return err
		}
	}

	x.mu.Lock()
	defer x.mu.Unlock()
	x.forget()
	x.graph = g
	for _, item := range items {
		if !x.live(item) {
			x.dead++
		}
	}
	for _, item := range x.list {
		if !g.has(item) {
			x.fresh = append(x.fresh, item)
		}
	}
	return nil
}

// extend adds the missing items to the graph. Searches and writes may run
// between any two items.
func (x *Index) extend() error {
	for {
		if x.dropped.Load() {
			return errAbandoned
		}
		if more, err := x.extendByOne(); !more || err != nil {
			return err
		}
	}
}

func (x *Index) extendByOne() (more bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.graph == nil || len(x.fresh) == 0 {
		return false, nil
	}
	item := x.fresh[0]
	if x.live(item) {
		err = x.graph.add(item)
	}
	x.fresh[0] = nil
	x.fresh = x.fresh[1:]
	return true, err
}
