package matrix

import (
	"fmt"
	"time"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roles"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/validate"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
	"lakehouse.invalid/peer/internal/wire"
)

// Record stores a recording.
func (s *Service) Record(body []byte) (int, []byte, error) {
	r, named, err := readRecord(body)
	if err != nil {
		return 0, nil, err
	}
	x, err := s.corpus(r.corpus)
	if err != nil {
		return 0, nil, err
	}
	if _, err := document(x, r.answerID); err != nil {
		return 0, nil, err
	}
	known := s.known()
	query := known.Read(named, r.queryText)
	role, source := query.Role, query.Source
	r.role = role
	if score, _ := r.score.Float(); source == roles.Request && score > 0 {
		if words := known.MadeUp(r.queryText); words != "" && !roles.Same(words, role) && !roles.Same(words, roles.Key(named)) {
			r.synonym = roles.Synonym(words, role)
		}
	}
	r.id = r.newID()
	if err := s.remember(r, x, known); err != nil {
		return 0, nil, err
	}
	answer := rawjson.AppendString([]byte(`{"id":`), r.id)
	answer = vectorsearch.AppendStringOrNull(append(answer, `,"role":`...), orNil(role))
	answer = rawjson.AppendString(append(answer, `,"role_source":`...), string(source))
	return 200, append(answer, '}'), nil
}

// readRecord reads a request to record, except for the role and the members
// derived from it, and the role that the request names.
func readRecord(body []byte) (*recording, string, error) {
	members, err := wire.ReadObject(body, []string{"query_text", "answer_id", "answer_corpus", "score", "role"})
	if err != nil {
		return nil, "", err
	}
	f := fields.Reader{Members: members}
	r := &recording{recordedAt: time.Now().UTC().Format(time.RFC3339)}
	r.queryText = f.Required("query_text", "a string", isString).Text()
	r.answerID = vectorsearch.ReadItemID(&f, "answer_id")
	r.corpus = f.Required("answer_corpus", "a string", isString).Text()
	r.score = f.Required("score", "a number from -1 to 1", isScore)
	named := f.Optional("role", "a string", isString).Text()
	if err := f.Err(); err != nil {
		return nil, "", err
	}
	if reason := validate.WhyNotRecorded(r.queryText, named); reason != "" {
		return nil, "", wire.BadRequest(reason)
	}
	if text.Blank(r.queryText) {
		return nil, "", wire.BadRequest("query_text is empty")
	}
	return r, named, nil
}

// remember writes a recording, embedded by the model of the existing
// recordings, or else by that of the answer's corpus.
func (s *Service) remember(r *recording, corpus *vectors.Index, known *roles.Known) error {
	space := corpus.Space
	if x, ok := s.Store.Get(playbookIndex); ok && x.Space != nil {
		space = x.Space
	}
	_, list, err := s.vectorsOf(space, r.queryText)
	if err != nil {
		return err
	}
	metadata, err := rawjson.Parse(r.appendMembers([]byte{'{'}), 0)
	if err != nil {
		return err
	}
	spec := vectors.Spec{Dimension: len(list[0].Components), Distance: vectors.Cosine, Space: space}
	input := vectors.Input{ID: r.id, Vector: list[0], Metadata: metadata}
	if err := s.Store.UpsertInto(playbookIndex, spec, []vectors.Input{input}); err != nil {
		return vectorsearch.Refused(err)
	}
	return s.forgetReplaced(r, list[0], known)
}

// forgetReplaced deletes the recordings that one has taken the place of.
func (s *Service) forgetReplaced(r *recording, vector vectors.Vector, known *roles.Known) error {
	x, ok := s.Store.Get(playbookIndex)
	if !ok {
		return nil
	}
	replaced := func(item *vectors.Item) bool {
		earlier := readRecording(item)
		return earlier != nil && r.replaces(earlier, known)
	}
	var ids []string
	for _, hit := range x.Search(vectors.Query{Vector: vector.Components, K: x.Len(), Pass: replaced}) {
		ids = append(ids, hit.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := s.Store.Delete(playbookIndex, ids)
	return vectorsearch.Refused(err)
}

// GetRecording returns a recording.
func (s *Service) GetRecording(segment string) (int, []byte, error) {
	r, err := s.recording(segment)
	if err != nil {
		return 0, nil, err
	}
	answer := rawjson.AppendString([]byte(`{"id":`), r.id)
	return 200, r.appendMembers(append(answer, ',')), nil
}

// DeleteRecording deletes a recording.
func (s *Service) DeleteRecording(segment string) (int, []byte, error) {
	r, err := s.recording(segment)
	if err != nil {
		return 0, nil, err
	}
	deleted, err := s.Store.Delete(playbookIndex, []string{r.id})
	if deleted == 0 {
		return 0, nil, noRecording(r.id)
	}
	return 200, vectorsearch.AppendDeleted(nil, deleted), err
}

// recording returns the recording that a path names.
func (s *Service) recording(segment string) (*recording, error) {
	id := vectorsearch.Unescape(segment)
	if !utf8.ValidString(id) {
		return nil, noRecording(segment)
	}
	if x, ok := s.Store.Get(playbookIndex); ok {
		if item, ok := x.Get(id); ok {
			if r := readRecording(item); r != nil {
				return r, nil
			}
		}
	}
	return nil, noRecording(id)
}

func noRecording(id string) error {
	return &wire.Problem{Status: 404, Detail: fmt.Sprintf("no recording `%s`", id)}
}
