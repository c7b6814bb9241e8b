package matrix

import (
	"errors"

	"lakehouse.invalid/peer/internal/embed"
	"lakehouse.invalid/peer/internal/vectors"
)

// maxDoubtful is the number of single texts that fail for a doubtful reason,
// before any was embedded, that means a failing model.
const maxDoubtful = 3

// embedBatch embeds texts. It returns a vector or a failure for each: after a
// call that may have failed because of a text, each half is a call of its own.
// The error is a failure of the model.
func (s *Service) embedBatch(model *string, texts []string) ([]vectors.Vector, []error, error) {
	list := make([]vectors.Vector, len(texts))
	failures := make([]error, len(texts))
	embedded, doubtful := false, 0
	var first error
	var try func(from, to int) error
	try = func(from, to int) error {
		_, part, err := s.vectorsOf(model, texts[from:to]...)
		var upstream *embed.UpstreamError
		switch {
		case err == nil:
			embedded = true
			copy(list[from:], part)
			return nil
		case !errors.As(err, &upstream) || !upstream.MayBeOfText():
			return err
		case to-from > 1:
			middle := from + (to-from+1)/2
			if err := try(from, middle); err != nil {
				return err
			}
			return try(middle, to)
		}
		failures[from] = err
		if first == nil {
			first = err
		}
		if !upstream.OfText() {
			doubtful++
		}
		if !embedded && doubtful == maxDoubtful {
			return first
		}
		return nil
	}
	if err := try(0, len(texts)); err != nil {
		return nil, nil, err
	}
	if !embedded && doubtful > 0 {
		return nil, nil, first
	}
	return list, failures, nil
}
