.PHONY: build test lint format demo serve

build:
	mvn -q -B -DskipTests package

test:
	mvn -B verify

lint:
	mvn -q -B -Pstrict -DskipTests verify

format:
	mvn -q -B spotless:apply

demo:
	./eegvlm demo

serve:
	./eegvlm serve --vision demo/runs/vision --model-path demo/checkpoints/nano --model-base demo/models/nano-llava
