package matrix

import (
	"errors"
	"fmt"
	"io"
	"slices"
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
	lines   []int // of the batch's documents
	size    int   // total size of the batch's texts in bytes

	taken, refused int
	errors         []refusedLine
}

// Take reads documents, one per line, and stores them as they arrive. It opens
// the body once it knows the corpus.
func (s *Service) Take(name string, open func() (io.Reader, error)) (int, []byte, error) {
	x, err := s.named(name)
	if err != nil {
		return 0, nil, err
	}
	body, err := open()
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
		in.refuse(number, err)
		return nil
	}
	in.batch = append(in.batch, input)
	in.lines = append(in.lines, number)
	in.size += len(*input.Text)
	if len(in.batch) < batchDocuments && in.size < batchBytes {
		return nil
	}
	return in.flush()
}

// refuse counts a rejected line and keeps it when it is among the first ones.
// Those that the model rejects come after lines behind them.
func (in *intake) refuse(number int, reason error) {
	in.refused++
	place, _ := slices.BinarySearchFunc(in.errors, number, func(e refusedLine, n int) int { return e.number - n })
	in.errors = slices.Insert(in.errors, place, refusedLine{number, reason.Error()})
	in.errors = in.errors[:min(len(in.errors), maxErrors)]
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
	if err := in.store(texts); err != nil {
		p := wire.AsProblem(err)
		detail := fmt.Sprintf("%s; %d documents were taken, the first that was not is on line %d", p.Detail, in.taken, in.lines[0])
		return &wire.Problem{Status: p.Status, Detail: detail}
	}
	in.batch, in.lines, in.size = nil, nil, 0
	return nil
}

// store stores the documents of the batch that the model takes.
func (in *intake) store(texts []string) error {
	list, failures, err := in.service.embedBatch(in.corpus.Space, texts)
	if err != nil {
		return err
	}
	var taken []vectors.Input
	for i, input := range in.batch {
		if failures[i] == nil {
			input.Vector = list[i]
			taken = append(taken, input)
		}
	}
	if len(taken) > 0 {
		if err := in.service.Store.Upsert(in.corpus.Name, in.corpus.Space, taken); err != nil {
			return problemOf(err, in.corpus.Name)
		}
	}
	in.taken += len(taken)
	for i, failure := range failures {
		if failure != nil {
			in.refuse(in.lines[i], failure)
		}
	}
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
