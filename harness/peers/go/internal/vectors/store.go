// Package vectors keeps named indexes of vectors, on the disk and in memory,
// and finds the nearest of them.
//
// What is on the disk is one journal of all writes, which is replayed when a
// store is opened. A write is in the journal before anyone can see it.
package vectors

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"lakehouse.invalid/peer/internal/journal"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/wire"
)

// ErrUnknown is an index that does not exist.
var ErrUnknown = errors.New("unknown index")

// Input is an item to upsert. A nil Text means none.
type Input struct {
	ID       string
	Vector   Vector
	Metadata rawjson.Value
	Text     *string
}

// Store has indexes by name. Writes run one after the other.
type Store struct {
	facets []string
	shared shared

	writing sync.Mutex
	journal *journal.Journal

	mu      sync.RWMutex
	indexes map[string]*Index
}

// Open returns the store whose journal is the file at path. Facets are the
// members of metadata whose values it can return.
func Open(path string, facets ...string) (*Store, error) {
	s := &Store{facets: facets, indexes: map[string]*Index{}}
	j, err := journal.Open(path, s.replay)
	s.journal = j
	return s, err
}

// Close waits for running writes and rejects new ones.
func (s *Store) Close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	for _, x := range s.All() {
		x.dropped.Store(true)
	}
	return s.journal.Close()
}

// Get returns the index with a name.
func (s *Store) Get(name string) (*Index, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	x, ok := s.indexes[name]
	return x, ok
}

// All returns the indexes by name.
func (s *Store) All() []*Index {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []*Index
	for _, name := range sorted(s.indexes) {
		list = append(list, s.indexes[name])
	}
	return list
}

// FacetChanges counts the changes to the results of Index.Facet over all
// indexes.
func (s *Store) FacetChanges() uint64 { return s.shared.facetChanges.Load() }

// Create creates an index, unless one with that name exists, whose spec may
// differ.
func (s *Store) Create(name string, spec Spec) (x *Index, made bool, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.create(name, spec)
}

func (s *Store) create(name string, spec Spec) (x *Index, made bool, err error) {
	if x, ok := s.Get(name); ok {
		return x, false, nil
	}
	r := record{Op: opCreate, Index: name, Dimension: spec.Dimension, Distance: spec.Distance, Space: spec.Space}
	if err := s.write(r); err != nil {
		return nil, false, err
	}
	return s.add(name, spec), true, nil
}

// Drop removes an index; false means that there was none to remove.
func (s *Store) Drop(name string, may func(x *Index) bool) (bool, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	x, ok := s.Get(name)
	if !ok || !may(x) {
		return false, nil
	}
	if err := s.write(record{Op: opDrop, Index: name}); err != nil {
		return false, err
	}
	s.drop(x)
	return true, nil
}

// Upsert adds items to an index or replaces them, all or, on an error, none.
// The error is ErrUnknown, a problem, or a Refusal. A space that is not nil
// must be the index's.
func (s *Store) Upsert(name string, space *string, inputs []Input) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.upsert(name, space, inputs)
}

// UpsertInto is Upsert into an index that is created when it does not exist.
func (s *Store) UpsertInto(name string, spec Spec, inputs []Input) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if _, _, err := s.create(name, spec); err != nil {
		return err
	}
	return s.upsert(name, nil, inputs)
}

func (s *Store) upsert(name string, space *string, inputs []Input) error {
	x, ok := s.Get(name)
	if !ok {
		return ErrUnknown
	}
	if err := x.CheckSpace(space); err != nil {
		return err
	}
	items := make([]*Item, len(inputs))
	for i, in := range inputs {
		if err := x.Check(in.Vector); err != nil {
			return &Refusal{Position: i, ID: in.ID, Detail: err.Error()}
		}
		items[i] = &Item{ID: in.ID, Vector: in.Vector.Components, Metadata: in.Metadata, Text: in.Text}
		x.prepare(items[i])
	}
	if err := s.write(upsertRecord(name, items)); err != nil {
		return err
	}
	x.put(items)
	return nil
}

// CheckSpace returns a conflict when the index has another space than the
// given one; nil is not given.
func (x *Index) CheckSpace(given *string) error {
	if given == nil || SameSpace(x.Space, given) {
		return nil
	}
	detail := fmt.Sprintf("index `%s` holds vectors of space %s, not `%s`", x.Name, SpaceName(x.Space), *given)
	return &wire.Problem{Status: 409, Detail: detail}
}

// SpaceName returns a space as errors print it.
func SpaceName(space *string) string {
	if space == nil {
		return "`null`"
	}
	return "`" + *space + "`"
}

// Delete removes items from an index and returns the number of items that
// existed.
func (s *Store) Delete(name string, ids []string) (int, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	x, ok := s.Get(name)
	if !ok {
		return 0, ErrUnknown
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	ids = slices.DeleteFunc(ids, func(id string) bool {
		_, there := x.Get(id)
		return !there
	})
	if len(ids) == 0 {
		return 0, nil
	}
	if err := s.write(record{Op: opDelete, Index: name, IDs: ids}); err != nil {
		return 0, err
	}
	x.delete(ids)
	return len(ids), nil
}

func (s *Store) write(r record) error {
	if err := s.journal.Append(r); err != nil {
		return &wire.Problem{Status: 507, Detail: "write cannot be made durable"}
	}
	return nil
}

func (s *Store) add(name string, spec Spec) *Index {
	x := newIndex(name, spec, s.facets, &s.shared)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.indexes[name] = x
	return x
}

func (s *Store) drop(x *Index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.dropped.Store(true)
	delete(s.indexes, x.Name)
	s.shared.facetChanges.Add(1)
}
