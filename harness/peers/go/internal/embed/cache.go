package embed

import (
	"container/list"
	"sync"
)

// CacheBytes is the default bound of the cache.
const CacheBytes = 64 << 20

// entryOverhead is the approximate size of an entry besides its key and
// vector.
const entryOverhead = 200

type key struct {
	provider, model, text string
}

// entry is a cached vector.
type entry struct {
	key    key
	vector []float64
}

func (e entry) size() int {
	return len(e.key.provider) + len(e.key.model) + len(e.key.text) + 8*len(e.vector) + entryOverhead
}

// flight is a vector that a request is asking the upstream for. The vector and
// the error are set before done is closed.
type flight struct {
	done   chan struct{}
	vector []float64
	err    error
}

// cache keeps the vectors that were used last, within a number of bytes, and
// knows which ones have been requested from the upstream.
type cache struct {
	mu      sync.Mutex
	limit   int
	size    int
	recent  *list.List // of entry, the last used in front
	entries map[key]*list.Element
	flights map[key]*flight
}

func newCache(limit int) *cache {
	return &cache{
		limit:   limit,
		recent:  list.New(),
		entries: map[key]*list.Element{},
		flights: map[key]*flight{},
	}
}

// claim looks up keys, which must differ. A key is either cached, or in flight
// for another request, or claimed by the caller, who must call land.
func (c *cache) claim(keys []key) (kept map[key][]float64, waiting map[key]*flight, mine []key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, waiting = map[key][]float64{}, map[key]*flight{}
	for _, k := range keys {
		if e, ok := c.entries[k]; ok {
			c.recent.MoveToFront(e)
			kept[k] = e.Value.(entry).vector
		} else if f, ok := c.flights[k]; ok {
			waiting[k] = f
		} else {
			c.flights[k] = &flight{done: make(chan struct{})}
			mine = append(mine, k)
		}
	}
	return kept, waiting, mine
}

// land ends the flights of keys, with their vectors, which are cached, or with
// a failure, which is not.
func (c *cache) land(keys []key, vectors [][]float64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, k := range keys {
		f := c.flights[k]
		delete(c.flights, k)
		if f.err = err; err == nil {
			f.vector = vectors[i]
			c.keep(entry{k, vectors[i]})
		}
		close(f.done)
	}
}

// keep adds an entry and drops the least recently used ones.
func (c *cache) keep(e entry) {
	if e.size() > c.limit {
		return
	}
	c.entries[e.key] = c.recent.PushFront(e)
	c.size += e.size()
	for c.size > c.limit {
		last := c.recent.Back()
		old := c.recent.Remove(last).(entry)
		delete(c.entries, old.key)
		c.size -= old.size()
	}
}
