package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eegvlm.core.MalformedDataException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import picocli.CommandLine;

/**
 * Flags in a file, {@code --config run.yaml}: one level of names and values, or lists of values, in either spelling. A
 * value is taken as it is written, so that {@code no} is the word and {@code 3e-4} the number; what is empty is left out.
 */
final class RunFile {

    static final String FLAG = "--config";

    private static final int LONGEST = 1 << 20;

    private final Path file;
    private final CommandLine command;

    private RunFile(Path file, CommandLine command) {
        this.file = file;
        this.command = command;
    }

    /**
     * Arguments with the flags of the file that they name in front; what stands in both is taken from the arguments.
     *
     * @param arguments of the command, flags spelt with dashes
     * @throws MalformedDataException if the file is no such list, or names a flag that the command has not
     */
    static String[] expanded(CommandLine command, String... arguments) throws IOException {
        var given = Arrays.asList(arguments);
        for (int i = 0; i < given.size(); i++) {
            var argument = given.get(i);
            if (argument.equals(FLAG) && i + 1 < given.size()) {
                return expanded(command, Path.of(given.get(i + 1)), given);
            }
            if (argument.startsWith(FLAG + "=")) {
                return expanded(command, Path.of(argument.substring(FLAG.length() + 1)), given);
            }
        }
        return arguments;
    }

    private static String[] expanded(CommandLine command, Path path, List<String> given) throws IOException {
        var names = given.stream()
                .filter(argument -> argument.startsWith("--"))
                .map(argument -> argument.replaceFirst("=.*", ""))
                .collect(Collectors.toSet());
        var all = new RunFile(path, command).arguments(names);
        all.addAll(given);
        return all.toArray(String[]::new);
    }

    private List<String> arguments(Set<String> given) throws IOException {
        var arguments = new ArrayList<String>();
        for (var entry : entries()) {
            var flag = "--" + scalar(entry.getKeyNode()).replace('_', '-');
            var option = command.getCommandSpec().findOption(flag);
            if (option == null || flag.equals(FLAG)) {
                throw new MalformedDataException(
                        file,
                        "line " + line(entry.getKeyNode()),
                        "'%s' is no flag of %s".formatted(scalar(entry.getKeyNode()), command.getCommandName()));
            }
            var values = values(entry.getValueNode());
            if (!values.isEmpty() && Arrays.stream(option.names()).noneMatch(given::contains)) {
                arguments.add(flag);
                arguments.addAll(values);
            }
        }
        return arguments;
    }

    private List<NodeTuple> entries() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.size(file) > LONGEST) {
            throw new MalformedDataException(file, "has more than %d bytes".formatted(LONGEST));
        }
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (var reader = Files.newBufferedReader(file)) {
            var root = new Yaml(new SafeConstructor(options)).compose(reader);
            if (root instanceof MappingNode mapping) {
                return distinct(mapping.getValue());
            }
            throw new MalformedDataException(file, "is no list of 'flag: value'");
        } catch (MarkedYAMLException e) {
            throw new MalformedDataException(
                    file, "line " + (e.getProblemMark().getLine() + 1), String.valueOf(e.getProblem()));
        } catch (YAMLException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    private List<NodeTuple> distinct(List<NodeTuple> entries) throws IOException {
        var seen = new HashSet<String>();
        for (var entry : entries) {
            var name = scalar(entry.getKeyNode());
            if (!seen.add(name.replace('-', '_'))) {
                throw new MalformedDataException(
                        file, "line " + line(entry.getKeyNode()), "'%s' stands twice".formatted(name));
            }
        }
        return entries;
    }

    private List<String> values(Node node) throws IOException {
        if (node instanceof SequenceNode sequence) {
            var values = new ArrayList<String>();
            for (var item : sequence.getValue()) {
                values.add(scalar(item));
            }
            return values;
        }
        return node.getTag().equals(Tag.NULL) ? List.of() : List.of(scalar(node));
    }

    private String scalar(Node node) throws IOException {
        if (node instanceof ScalarNode value) {
            return value.getValue();
        }
        throw new MalformedDataException(file, "line " + line(node), "a flag has a value, or a list of values");
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
