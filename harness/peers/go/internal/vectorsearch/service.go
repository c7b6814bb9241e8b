package vectorsearch

import (
	"errors"

	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/wire"
)

// Service answers requests from a store. Names and ids are undecoded parts of
// a path; in a request with a body, the name has been checked before the body
// was read.
type Service struct {
	Store *vectors.Store
}

// Put creates an index.
func (s *Service) Put(name string, body []byte) (int, []byte, error) {
	spec, err := readSpec(body)
	if err != nil {
		return 0, nil, err
	}
	x, made, err := s.Store.Create(name, spec)
	switch {
	case err != nil:
		return 0, nil, err
	case made:
		return 201, appendDescription(nil, x), nil
	case !x.Same(spec):
		return 0, nil, Conflict(x)
	}
	return 200, appendDescription(nil, x), nil
}

// List describes all indexes.
func (s *Service) List() (int, []byte, error) {
	return 200, appendIndexes(s.Store.All()), nil
}

// Get describes an index.
func (s *Service) Get(name string) (int, []byte, error) {
	x, err := s.index(name)
	if err != nil {
		return 0, nil, err
	}
	return 200, appendDescription(nil, x), nil
}

// index returns the index with a name from a path.
func (s *Service) index(name string) (*vectors.Index, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	x, ok := s.Store.Get(name)
	if !ok {
		return nil, unknownIndex(name)
	}
	return x, nil
}

// Drop removes an index.
func (s *Service) Drop(name string) (int, []byte, error) {
	if err := CheckName(name); err != nil {
		return 0, nil, err
	}
	dropped, err := s.Store.Drop(name, func(*vectors.Index) bool { return true })
	if err == nil && !dropped {
		err = unknownIndex(name)
	}
	return 200, AppendDropped(nil, name), err
}

// Upsert adds items or replaces them.
func (s *Service) Upsert(name string, body []byte) (int, []byte, error) {
	inputs, space, err := readItems(body)
	if err != nil {
		return 0, nil, err
	}
	if err := s.Store.Upsert(name, space, inputs); err != nil {
		return 0, nil, problemOf(err, name)
	}
	return 200, appendCount(nil, "upserted", len(inputs)), nil
}

// DeleteItems removes some items.
func (s *Service) DeleteItems(name string, body []byte) (int, []byte, error) {
	ids, err := readIDs(body)
	if err != nil {
		return 0, nil, err
	}
	deleted, err := s.Store.Delete(name, ids)
	return 200, AppendDeleted(nil, deleted), problemOf(err, name)
}

// GetItem returns an item.
func (s *Service) GetItem(name, segment string) (int, []byte, error) {
	id, err := itemID(name, segment)
	if err != nil {
		return 0, nil, err
	}
	x, err := s.index(name)
	if err != nil {
		return 0, nil, err
	}
	item, ok := x.Get(id)
	if !ok {
		return 0, nil, noItem(name, id)
	}
	return 200, appendItem(nil, item), nil
}

// DeleteItem removes an item.
func (s *Service) DeleteItem(name, segment string) (int, []byte, error) {
	id, err := itemID(name, segment)
	if err != nil {
		return 0, nil, err
	}
	deleted, err := s.Store.Delete(name, []string{id})
	if err == nil && deleted == 0 {
		err = noItem(name, id)
	}
	return 200, AppendDeleted(nil, deleted), problemOf(err, name)
}

func itemID(name, segment string) (string, error) {
	if err := CheckName(name); err != nil {
		return "", err
	}
	return ReadID(segment, "item")
}

// Search finds the nearest items.
func (s *Service) Search(name string, body []byte) (int, []byte, error) {
	req, err := readSearch(body)
	if err != nil {
		return 0, nil, err
	}
	x, ok := s.Store.Get(name)
	if !ok {
		return 0, nil, unknownIndex(name)
	}
	if err := x.CheckSpace(req.space); err != nil {
		return 0, nil, err
	}
	if err := x.Check(req.vector); err != nil {
		return 0, nil, Refused(err)
	}
	hits := x.Search(req.query)
	var notices []string
	for _, notice := range x.Notices(req.tests) {
		notices = append(notices, "filter: no item "+notice)
	}
	return 200, appendHits(nil, hits, notices), nil
}

// Refused returns the problem of a rejected vector that belongs to no item of
// the request; any other error is returned unchanged.
func Refused(err error) error {
	var refusal *vectors.Refusal
	if errors.As(err, &refusal) {
		return wire.BadRequest(refusal.Detail)
	}
	return err
}
