package matrix

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
	"lakehouse.invalid/peer/internal/wire"
)

// Limits of a batch, and of the reported errors.
const (
	batchDocuments = 100
	batchBytes     = 4 << 20
	maxErrors      = 100
)

// refusedLine is a rejected line.
type refusedLine struct {
	number int
	reason string
}

// intake stores documents in one corpus.
type intake struct {
	service *Service
	corpus  *vectors.Index
	batch   []vectors.Input
	size    int // total size of the batch's texts in bytes
	first   int // line of the batch's first document

	taken, refused int
	errors         []refusedLine
}

// Take reads documents, one per line, and stores them as they arrive.
func (s *Service) Take(name string, body io.Reader) (int, []byte, error) {
	x, err := s.named(name)
	if err != nil {
		return 0, nil, err
	}
	in := intake{service: s, corpus: x}
	source := newLines(body)
	for {
		line, err := source.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = in.add(line, source.number)
		} else {
			// The complete lines are stored.
			err = errors.Join(in.flush(), err)
		}
		if err != nil {
			return 0, nil, err
		}
	}
	if err := in.flush(); err != nil {
		return 0, nil, err
	}
	return 200, in.appendJSON(nil), nil
}

func (in *intake) add(line []byte, number int) error {
	input, err := readDocument(line)
	if err != nil {
		in.refused++
		if len(in.errors) < maxErrors {
			in.errors = append(in.errors, refusedLine{number, err.Error()})
		}
		return nil
	}
	if len(in.batch) == 0 {
		in.first = number
	}
	in.batch = append(in.batch, input)
	in.size += len(*input.Text)
	if len(in.batch) < batchDocuments && in.size < batchBytes {
		return nil
	}
	return in.flush()
}

func readDocument(line []byte) (input vectors.Input, err error) {
	members, err := wire.ReadObjectAs(wire.Line, line, []string{"id", "text", "metadata"})
	if err != nil {
		return input, err
	}
	r := fields.Reader{Members: members}
	input.ID = vectorsearch.ReadItemID(&r, "id")
	content := r.Required("text", "a string", isString).Text()
	input.Text = &content
	input.Metadata = vectorsearch.ReadMetadata(&r)
	if r.Err() == nil && text.Blank(content) {
		return input, errors.New("text is empty")
	}
	return input, r.Err()
}

// flush stores the batch in the corpus.
func (in *intake) flush() error {
	if len(in.batch) == 0 {
		return nil
	}
	texts := make([]string, len(in.batch))
	for i, input := range in.batch {
		texts[i] = *input.Text
	}
	_, list, err := in.service.vectorsOf(in.corpus.Space, texts...)
	if err == nil {
		for i, v := range list {
			in.batch[i].Vector = v
		}
		err = problemOf(in.service.Store.Upsert(in.corpus.Name, in.corpus.Space, in.batch), in.corpus.Name)
	}
	if err != nil {
		p := wire.AsProblem(err)
		detail := fmt.Sprintf("%s; %d documents were taken, the first that was not is on line %d", p.Detail, in.taken, in.first)
		return &wire.Problem{Status: p.Status, Detail: detail}
	}
	in.taken += len(in.batch)
	in.batch, in.size = nil, 0
	return nil
}

func (in *intake) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"taken":`...)
	dst = strconv.AppendInt(dst, int64(in.taken), 10)
	dst = append(dst, `,"refused":`...)
	dst = strconv.AppendInt(dst, int64(in.refused), 10)
	dst = append(dst, `,"errors":`...)
	dst = vectorsearch.AppendArray(dst, in.errors, func(dst []byte, e refusedLine) []byte {
		dst = strconv.AppendInt(append(dst, `{"line":`...), int64(e.number), 10)
		return append(rawjson.AppendString(append(dst, `,"reason":`...), e.reason), '}')
	})
	return append(dst, '}')
}

// GetDocument returns a document.
func (s *Service) GetDocument(name, segment string) (int, []byte, error) {
	x, id, err := s.inPath(name, segment)
	if err != nil {
		return 0, nil, err
	}
	item, err := document(x, id)
	if err != nil {
		return 0, nil, err
	}
	body := rawjson.AppendString([]byte(`{"id":`), item.ID)
	body = vectorsearch.AppendStringOrNull(append(body, `,"text":`...), item.Text)
	body = append(append(body, `,"metadata":`...), item.Metadata.Raw()...)
	return 200, append(body, '}'), nil
}

// DeleteDocument removes a document.
func (s *Service) DeleteDocument(name, segment string) (int, []byte, error) {
	x, id, err := s.inPath(name, segment)
	if err != nil {
		return 0, nil, err
	}
	deleted, err := s.Store.Delete(x.Name, []string{id})
	if err == nil && deleted == 0 {
		err = noDocument(name, id)
	}
	return 200, vectorsearch.AppendDeleted(nil, deleted), problemOf(err, name)
}

// inPath returns the document that a path names.
func (s *Service) inPath(name, segment string) (*vectors.Index, string, error) {
	if err := CheckName(name); err != nil {
		return nil, "", err
	}
	id, err := vectorsearch.ReadID(segment, "document")
	if err != nil {
		return nil, "", err
	}
	x, err := s.corpus(name)
	return x, id, err
}
