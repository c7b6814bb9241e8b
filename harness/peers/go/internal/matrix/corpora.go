package matrix

import (
	"fmt"
	"strconv"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
	"lakehouse.invalid/peer/internal/wire"
)

var (
	isString = fields.Is(rawjson.String)
	isBool   = fields.Is(rawjson.Bool)
)

// Put creates a corpus.
func (s *Service) Put(name string, body []byte) (int, []byte, error) {
	members, err := wire.ReadObject(body, []string{"model"})
	if err != nil {
		return 0, nil, err
	}
	r := fields.Reader{Members: members}
	model := fields.Pointer(r.Optional("model", "a string", isString))
	if r.Err() != nil {
		return 0, nil, r.Err()
	}
	if model == nil {
		byDefault := s.Embed.DefaultModel()
		model = &byDefault
	}
	x, exists := s.Store.Get(name)
	made := false
	if !exists {
		_, probe, err := s.vectorsOf(model, name)
		if err != nil {
			return 0, nil, err
		}
		spec := vectors.Spec{Dimension: len(probe[0].Components), Distance: vectors.Cosine, Space: model}
		if x, made, err = s.Store.Create(name, spec); err != nil {
			return 0, nil, err
		}
	}
	switch {
	case made:
		return 201, appendCorpus(nil, x), nil
	case x.Space == nil:
		return 0, nil, vectorsearch.Conflict(x)
	case *x.Space != *model:
		detail := fmt.Sprintf("corpus `%s` exists with model `%s`", name, *x.Space)
		return 0, nil, &wire.Problem{Status: 409, Detail: detail}
	}
	return 200, appendCorpus(nil, x), nil
}

// List describes all corpora.
func (s *Service) List() (int, []byte, error) {
	body := vectorsearch.AppendArray([]byte(`{"corpora":`), s.corpora(), appendCorpus)
	return 200, append(body, '}'), nil
}

// Get describes a corpus.
func (s *Service) Get(name string) (int, []byte, error) {
	x, err := s.named(name)
	if err != nil {
		return 0, nil, err
	}
	return 200, appendCorpus(nil, x), nil
}

// Drop removes a corpus.
func (s *Service) Drop(name string) (int, []byte, error) {
	if err := CheckName(name); err != nil {
		return 0, nil, err
	}
	dropped, err := s.Store.Drop(name, isCorpus)
	if err == nil && !dropped {
		err = unknownCorpus(name)
	}
	return 200, vectorsearch.AppendDropped(nil, name), err
}

// named returns the corpus with a name from a path.
func (s *Service) named(name string) (*vectors.Index, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	return s.corpus(name)
}

func appendCorpus(dst []byte, x *vectors.Index) []byte {
	dst = append(dst, `{"name":`...)
	dst = rawjson.AppendString(dst, x.Name)
	dst = append(dst, `,"model":`...)
	dst = rawjson.AppendString(dst, *x.Space)
	dst = append(dst, `,"dimension":`...)
	dst = strconv.AppendInt(dst, int64(x.Dimension), 10)
	dst = append(dst, `,"documents":`...)
	dst = strconv.AppendInt(dst, int64(x.Len()), 10)
	return append(dst, '}')
}
