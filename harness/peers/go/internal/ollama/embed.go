package ollama

import (
	"context"

	"lakehouse.invalid/peer/internal/rawjson"
)

// EmbedPath is the path of Embed's calls.
const EmbedPath = "/api/embed"

// Embed returns the model's vectors for texts, without checking their number
// or length. An element that is not a finite number is ErrMalformed.
func (c *Client) Embed(ctx context.Context, model string, texts []string) ([][]float64, error) {
	body := append([]byte(nil), `{"model":`...)
	body = rawjson.AppendString(body, model)
	body = append(body, `,"input":[`...)
	for i, t := range texts {
		if i > 0 {
			body = append(body, ',')
		}
		body = rawjson.AppendString(body, t)
	}
	body = append(body, `],"truncate":false}`...)
	answer, err := c.post(ctx, EmbedPath, body, c.embedTimeout)
	if err != nil {
		return nil, err
	}
	v, err := rawjson.Parse(answer, 0)
	if err != nil {
		return nil, ErrMalformed
	}
	embeddings, _ := v.Members().Get("embeddings")
	if embeddings.Kind() != rawjson.Array {
		return nil, ErrMalformed
	}
	var vectors [][]float64
	for e := range embeddings.Each() {
		vector, ok := floats(e)
		if !ok {
			return nil, ErrMalformed
		}
		vectors = append(vectors, vector)
	}
	return vectors, nil
}

func floats(v rawjson.Value) ([]float64, bool) {
	if v.Kind() != rawjson.Array {
		return nil, false
	}
	vector := make([]float64, 0, usualDimension)
	for e := range v.Each() {
		f, ok := e.Float()
		if !ok {
			return nil, false
		}
		vector = append(vector, f)
	}
	return vector, true
}

// usualDimension is the length of the vectors of most models.
const usualDimension = 768
