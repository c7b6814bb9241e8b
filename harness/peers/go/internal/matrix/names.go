// Package matrix is the surface of corpora: their documents, searches of
// several of them, and the effect of playbooks on the hits.
package matrix

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"lakehouse.invalid/peer/internal/embed"
	"lakehouse.invalid/peer/internal/roles"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
	"lakehouse.invalid/peer/internal/wire"
)

// playbookIndex has the recordings, and is not a corpus.
const playbookIndex = "playbook_memory"

// The members of metadata that searches use.
const (
	roleMember      = "role"
	cityMember      = "city"
	stateMember     = "state"
	synonymMember   = "synonym"
	availableMember = "available"
)

// Facets are the members of metadata whose values a service reads from its
// store.
var Facets = []string{roleMember, cityMember, synonymMember}

// Service answers requests from a store, embedding texts as needed. Names and
// ids are undecoded parts of a path; in a request with a body, the name has
// been checked before the body was read.
type Service struct {
	Store *vectors.Store
	Embed *embed.Service
	// Dictionary has the words by which queries are understood; without it none
	// are.
	Dictionary *understand.Dictionary

	lexicon  atomic.Pointer[lexicon]
	compile  sync.Once
	compiled *roles.Lexicon
}

// CheckName rejects a name that no corpus can have.
func CheckName(name string) error {
	if vectorsearch.IsName(name) && name != playbookIndex {
		return nil
	}
	return wire.BadRequest("corpus name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit, and not `playbook_memory`")
}

func isCorpus(x *vectors.Index) bool { return x.Space != nil && x.Name != playbookIndex }

// corpora returns all corpora, by name.
func (s *Service) corpora() (list []*vectors.Index) {
	for _, x := range s.Store.All() {
		if isCorpus(x) {
			list = append(list, x)
		}
	}
	return list
}

// corpus returns the corpus with a name, which may be malformed.
func (s *Service) corpus(name string) (*vectors.Index, error) {
	x, ok := s.Store.Get(name)
	if !ok || !isCorpus(x) {
		return nil, unknownCorpus(name)
	}
	return x, nil
}

// document returns an item of a corpus.
func document(x *vectors.Index, id string) (*vectors.Item, error) {
	item, ok := x.Get(id)
	if !ok {
		return nil, noDocument(x.Name, id)
	}
	return item, nil
}

func unknownCorpus(name string) error {
	return &wire.Problem{Status: 404, Detail: fmt.Sprintf("unknown corpus `%s`", name)}
}

func noDocument(name, id string) error {
	return &wire.Problem{Status: 404, Detail: fmt.Sprintf("corpus `%s` has no document `%s`", name, id)}
}

// problemOf converts a store's error about a corpus to the contract's words.
func problemOf(err error, name string) error {
	if errors.Is(err, vectors.ErrUnknown) {
		return unknownCorpus(name)
	}
	return vectorsearch.Refused(err)
}

// vectorsOf embeds texts by a model; nil is the default one.
func (s *Service) vectorsOf(model *string, texts ...string) (string, []vectors.Vector, error) {
	answered, floats, err := s.Embed.Vectors(&embed.Request{Texts: texts, Model: model})
	if err != nil {
		return "", nil, err
	}
	list := make([]vectors.Vector, len(floats))
	for i, f := range floats {
		list[i] = vectors.FromFloats(f)
	}
	return answered, list, nil
}
