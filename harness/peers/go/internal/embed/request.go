package embed

import (
	"fmt"
	"strconv"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/wire"
)

const maxTexts = 256

// Request has the texts to embed; Model is nil when none is given.
type Request struct {
	Texts []string
	Model *string
}

var (
	requestFields = []string{"texts", "model"}

	isString  = fields.Is(rawjson.String)
	isStrings = fields.ArrayOf(isString)
)

func isTexts(v rawjson.Value) bool {
	return isStrings(v) && len(v.Elements()) >= 1 && len(v.Elements()) <= maxTexts
}

// ReadRequest reads a request body; its errors are problems.
func ReadRequest(body []byte) (*Request, error) {
	members, err := wire.ReadObject(body, requestFields)
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	req := &Request{Texts: fields.Strings(r.Required("texts", "an array of 1 to 256 strings", isTexts))}
	if model := r.Optional("model", "a string", isString); model.Kind() == rawjson.String {
		name := model.Text()
		req.Model = &name
	}
	if r.Err() != nil {
		return nil, wire.AsProblem(r.Err())
	}
	for i, t := range req.Texts {
		if text.Blank(t) {
			return nil, wire.BadRequest(fmt.Sprintf("text %d is empty", i))
		}
	}
	return req, nil
}

// Dialect has the names of an answer's members.
type Dialect struct {
	Dimension, Vectors string
}

// The dialects of `/v1/embed` and of `/ai/embed`.
var (
	Current = Dialect{"dimension", "vectors"}
	Legacy  = Dialect{"dimensions", "embeddings"}
)

// Respond answers a request body. Its errors are problems.
func (s *Service) Respond(body []byte, d Dialect) ([]byte, error) {
	req, err := ReadRequest(body)
	if err != nil {
		return nil, err
	}
	model, vectors, err := s.Vectors(req)
	if err != nil {
		return nil, err
	}
	return d.appendJSON(nil, model, vectors), nil
}

func (d Dialect) appendJSON(dst []byte, model string, vectors [][]float64) []byte {
	dst = append(dst, `{"model":`...)
	dst = rawjson.AppendString(dst, model)
	dst = append(dst, `,"`+d.Dimension+`":`...)
	dst = strconv.AppendInt(dst, int64(len(vectors[0])), 10)
	dst = append(dst, `,"`+d.Vectors+`":[`...)
	for i, v := range vectors {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		for j, x := range v {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = strconv.AppendFloat(dst, x, 'g', -1, 64)
		}
		dst = append(dst, ']')
	}
	return append(dst, ']', '}')
}
