package matrix

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"time"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roles"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
)

// halfLife is the number of days after which a score counts half.
const halfLife = 180

// recording is an answer that was recorded as good or wrong. A role or synonym
// of "" means none.
type recording struct {
	id         string
	queryText  string
	answerID   string
	corpus     string
	score      rawjson.Value
	role       string
	synonym    string
	recordedAt string
	at         time.Time
}

// newID derives the id of a recording from its members.
func (r *recording) newID() string {
	var fields []byte
	for _, field := range []string{r.queryText, r.corpus, r.answerID, r.role} {
		fields = binary.LittleEndian.AppendUint32(fields, uint32(len(field)))
		fields = append(fields, field...)
	}
	sum := sha256.Sum256(fields)
	return "pb-" + hex.EncodeToString(sum[:16])
}

// replaces reports whether a recording takes the place of an earlier one, by the
// roles that were known before.
func (r *recording) replaces(earlier *recording, known *roles.Known) bool {
	same := earlier.queryText == r.queryText && earlier.corpus == r.corpus && earlier.answerID == r.answerID
	outdated := earlier.id != earlier.newID()
	return same && earlier.id != r.id && (outdated || known.Same(earlier.role, r.role))
}

// scoreAt returns the score as it counts at a time.
func (r *recording) scoreAt(now time.Time) float64 {
	score, _ := r.score.Float()
	days := math.Floor(max(now.Sub(r.at), 0).Hours() / 24)
	return score * math.Pow(0.5, days/halfLife)
}

// appendMembers appends the members except the id, and the end of the object.
func (r *recording) appendMembers(dst []byte) []byte {
	dst = append(dst, `"query_text":`...)
	dst = rawjson.AppendString(dst, r.queryText)
	dst = append(dst, `,"answer_id":`...)
	dst = rawjson.AppendString(dst, r.answerID)
	dst = append(dst, `,"answer_corpus":`...)
	dst = rawjson.AppendString(dst, r.corpus)
	dst = append(dst, `,"score":`...)
	dst = append(dst, r.score.Raw()...)
	dst = append(dst, `,"role":`...)
	dst = vectorsearch.AppendStringOrNull(dst, orNil(r.role))
	dst = append(dst, `,"synonym":`...)
	dst = vectorsearch.AppendStringOrNull(dst, orNil(r.synonym))
	dst = append(dst, `,"recorded_at":`...)
	dst = rawjson.AppendString(dst, r.recordedAt)
	return append(dst, '}')
}

// orNil returns nil for an empty string.
func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// readRecording returns the recording that an item has, or nil.
func readRecording(item *vectors.Item) *recording {
	r := &recording{id: item.ID}
	complete := true
	text := func(name string) string {
		v, _ := item.Members().Get(name)
		complete = complete && v.Kind() == rawjson.String
		return v.Text()
	}
	r.queryText = text("query_text")
	r.answerID = text("answer_id")
	r.corpus = text("answer_corpus")
	r.recordedAt = text("recorded_at")
	var err error
	r.at, err = time.Parse(time.RFC3339, r.recordedAt)
	role, _ := item.Members().Get("role")
	r.role = roles.Key(role.Text())
	synonym, _ := item.Members().Get(synonymMember)
	r.synonym = synonym.Text()
	r.score, _ = item.Members().Get("score")
	if !complete || err != nil || !isOptional(role) || !isOptional(synonym) || !isScore(r.score) {
		return nil
	}
	return r
}

// isOptional reports whether v is a string, null or absent.
func isOptional(v rawjson.Value) bool {
	switch v.Kind() {
	case rawjson.String, rawjson.Null, rawjson.Invalid:
		return true
	}
	return false
}

// isScore reports whether v is a number from -1 to 1.
func isScore(v rawjson.Value) bool { return v.WithinPowerOfTen(0) }
