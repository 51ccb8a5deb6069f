package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.network.NetworkDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a definition file in memory and makes an instance of the definition in it. */
final class DefinitionCompiler {
  private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

  /**
   * Returns the definition in {@code file}: a class, of the name of the file, that implements
   * {@link NetworkDefinition} and has a constructor without arguments.
   *
   * @throws EngineException USER if it cannot be read or compiled (with the first line at fault)
   */
  NetworkDefinition compile(Path file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw EngineException.unsupported(
          file + ": this Java has no compiler; a definition file needs a full JDK");
    }
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavaFileManager files =
        new InMemory(compiler.getStandardFileManager(problems, Locale.ROOT, null));
    boolean compiled =
        compiler
            .getTask(
                new StringWriter(),
                files,
                problems,
                List.of("-classpath", System.getProperty("java.class.path"), "-proc:none"),
                null,
                List.of(source(file)))
            .call();
    if (!compiled) {
      throw problem(file, problems.getDiagnostics());
    }
    return instance(file);
  }

  private static JavaFileObject source(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new EngineException(ErrorKind.USER, file + ": cannot be read: " + e, e);
    }
    return new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private static EngineException problem(
      Path file, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
    return diagnostics.stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .findFirst()
        .map(
            error ->
                EngineException.user(
                    "%s:%d: %s"
                        .formatted(file, error.getLineNumber(), error.getMessage(Locale.ROOT))))
        .orElseGet(() -> EngineException.user(file + ": does not compile"));
  }

  private NetworkDefinition instance(Path file) {
    String simpleName = file.getFileName().toString().replaceFirst("\\.java$", "");
    ClassLoader loader = new Loader();
    for (String name : classes.keySet()) {
      if (name.equals(simpleName) || name.endsWith("." + simpleName)) {
        try {
          Object object = loader.loadClass(name).getDeclaredConstructor().newInstance();
          if (object instanceof NetworkDefinition definition) {
            return definition;
          }
        } catch (ReflectiveOperationException e) {
          throw new EngineException(
              ErrorKind.USER, file + ": class " + name + " cannot be made: " + e, e);
        }
      }
    }
    throw EngineException.user(
        "%s: needs a class %s that implements %s"
            .formatted(file, simpleName, NetworkDefinition.class.getName()));
  }

  /** Keeps compiled classes in memory. */
  private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(className, name -> new ByteArrayOutputStream());
        }
      };
    }
  }

  /** Defines the compiled classes. */
  private final class Loader extends ClassLoader {
    Loader() {
      super(DefinitionCompiler.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ByteArrayOutputStream bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes.toByteArray(), 0, bytes.size());
    }
  }
}
