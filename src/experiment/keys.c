/* keys.c - the table of keys of an experiment file. The defaults are the protocol of Shwartz-Ziv
 * & Tishby (2017) on the sphere task, with one seed. */
#include "experiment/experiment.h"

#include "experiment/presets.h"

#include <string.h>

#define AT(field) IP_KEY_AT(ip_experiment, field)
#define LIST_AT(field, n_field) IP_KEY_LIST_AT(ip_experiment, field, n_field)
#define TRAIN .role = IP_KEY_TRAIN
#define ESTIMATE .role = IP_KEY_ESTIMATE
#define SHOW .role = IP_KEY_SHOW
#define OWN .role = IP_KEY_SHOW, .own = true

static const char *const *samples_names(void)
{
  static const char *const name[] = {
#define X(symbol, name) #name,
      IP_LOG_SAMPLES_LIST(X)
#undef X
          NULL,
  };
  return name;
}

ip_status ip_log_samples_find(const char *name, ip_log_samples *out)
{
  const char *const *names = samples_names();
  for (size_t i = 0; names[i]; i++)
    if (!strcmp(names[i], name)) {
      *out = (ip_log_samples)i;
      return IP_OK;
    }
  IP_FAIL(IP_ECONFIG, "got '%s', expected all, train or test", name);
}

static const char *const *keep_names(void)
{
  static const char *const name[] = {
#define X(symbol, name) #name,
      IP_LOG_KEEP_LIST(X)
#undef X
          NULL,
  };
  return name;
}

static const char *const format_names[] = {"svg", "png", "pdf", "eps", "tex", NULL};

static const ip_key keys[] = {
    /* --- The experiment as a whole */
    {"extends", IP_KEY_TEXT, .role = IP_KEY_FILE, .own = true, AT(extends), .value = "",
     .help =
         "File to inherit from: a path relative to this file, or the name of a preset, such as szt2017. Every key of "
         "this file replaces the inherited value."},
    {"name", IP_KEY_TEXT, OWN, AT(name), .value = "",
     .help = "Name of the experiment and of its results directory; if empty, the file name without its extension. Not "
             "inherited."},
    {"description", IP_KEY_TEXT, OWN, AT(description), .value = "",
     .help = "A sentence for the report. Not inherited."},
    {"tags", IP_KEY_TEXTS, SHOW, LIST_AT(tags, n_tags), .value = "[]", .most = 32,
     .help = "Words to find the experiment by, such as [mnist, draft]: letters, digits and _ . - + =. infoplane status "
             "--tag selects by them."},
    {"seed", IP_KEY_INT, TRAIN, AT(seed), .value = "1", .range = "[0, inf)",
     .help = "Seed of the first repeat; repeat r has seed + r. It determines weights, split, order of the samples and "
             "noise."},
    {"repeats", IP_KEY_INT, SHOW, AT(repeats), .value = "1", .range = "[1, 1000000]", .unit = "seeds",
     .help = "Number of times each point of the sweep is trained, each with a different seed."},
    {"silent_limit", IP_KEY_REAL, SHOW, AT(silent_limit), .value = "0", .range = "[0, inf)", .unit = "s",
     .help = "Time after which a worker that has reported nothing, because it hangs or was stopped, is killed and "
             "started again, once; 0: never, else at least 5. It must be longer than any step of the work "
             "(docs/scaling.md). No result depends on it."},
    {"estimators", IP_KEY_TEXTS, ESTIMATE, LIST_AT(estimators, n_estimators), .value = "[edges]", .most = 64,
     .help =
         "Estimators of mutual information, each a name or name:key=value:key=value, such as width:size=0.07. Figures "
         "that show a single estimator use the first."},
    {"measures", IP_KEY_TEXTS, ESTIMATE, LIST_AT(measures, n_measures), .value = "[]", .most = 64,
     .help = "Measures other than information, each a name or name:key=value:key=value, such as geometry "
             "(docs/measures.md)."},
    {"figures", IP_KEY_TEXTS, SHOW, LIST_AT(figures, n_figures), .value = "[plane, snapshots, layers, loss, gradients]",
     .most = 64, .help = "Figures to plot at the end."},
    {"figure_format", IP_KEY_CHOICE, SHOW, AT(figure_format), .value = "svg", .choices = format_names,
     .help = "Format of the figures."},

    /* --- Data */
    {"dataset.name", IP_KEY_TEXT, TRAIN, AT(dataset.name), .value = "sphere",
     .help = "A built-in dataset (sphere, linear_gaussian, mnist, fashion-mnist) or the path of a file: IDX (also "
             ".gz), CSV, MATLAB .mat, HDF5, or NumPy .npz or .npy."},
    {"dataset.label_file", IP_KEY_TEXT, TRAIN, AT(dataset.label_file), .value = "",
     .help = "IDX and .npy: the label file; if empty, the one in the same directory."},
    {"dataset.test_file", IP_KEY_TEXT, TRAIN, AT(dataset.test_file), .value = "",
     .help = "A second file of the same format with the test samples."},
    {"dataset.label_column", IP_KEY_TEXT, TRAIN, AT(dataset.label_column), .value = "",
     .help =
         "CSV: name or number (from 1) of the label column, or none; if empty, the column named label, labels, class, "
         "classes or target (in upper or lower case), else the last."},
    {"dataset.target_columns", IP_KEY_TEXT, TRAIN, AT(dataset.target_columns), .value = "",
     .help = "CSV: names or numbers (from 1) of the columns of regression targets, separated by commas, or none; if "
             "empty, the columns named target1, target2, ..."},
    {"dataset.index_column", IP_KEY_TEXT, TRAIN, AT(dataset.index_column), .value = "",
     .help = "CSV: names or numbers (from 1) of columns to ignore, separated by commas, or none; if empty, a first "
             "column without a name, as written by pandas."},
    {"dataset.named_columns", IP_KEY_BOOL, TRAIN, AT(dataset.named_columns), .value = "true",
     .help = "CSV: columns named split, p(CLASS) and target1, target2, ... contain the split, p(y|x) and targets; "
             "false: they are inputs."},
    {"dataset.separator", IP_KEY_CHOICE, TRAIN, AT(dataset.text.separator), .value = "auto",
     .choices_of = ip_separator_names,
     .help = "CSV: separator of cells; auto: the one that gives all lines the same number of cells."},
    {"dataset.decimal", IP_KEY_CHOICE, TRAIN, AT(dataset.text.decimal), .value = "auto", .choices_of = ip_decimal_names,
     .help = "CSV: decimal sign of numbers; auto: detected from all cells."},
    {"dataset.header", IP_KEY_CHOICE, TRAIN, AT(dataset.text.header), .value = "auto", .choices_of = ip_header_names,
     .help = "CSV: whether the first line has column names; auto: detected from all lines."},
    {"dataset.labels", IP_KEY_CHOICE, TRAIN, AT(dataset.labels), .value = "hard", .choices_of = ip_dataset_labels_names,
     .help = "sphere: labels of the widely used file, or the probabilities p(y|x) of the soft rule."},
    {"dataset.gamma", IP_KEY_REAL, TRAIN, AT(dataset.gamma), .value = "12", .range = IP_RANGE_GAMMA,
     .help = "sphere, soft labels: steepness of the rule. 12 gives I(X;Y) = 0.8995 bit, 41.64 gives 0.99 bit."},
    {"dataset.theta", IP_KEY_REAL, TRAIN, AT(dataset.theta), .value = "5.89",
     .help = "sphere, soft labels: threshold of the rule."},
    {"dataset.n_samples", IP_KEY_INT, TRAIN, AT(dataset.n_samples), .value = "4096", .range = IP_RANGE_N_SAMPLES,
     .help = "linear_gaussian: number of samples."},
    {"dataset.n_in", IP_KEY_INT, TRAIN, AT(dataset.n_in), .value = "10", .range = IP_RANGE_N_IN,
     .help = "linear_gaussian: number of inputs."},
    {"dataset.irrelevant", IP_KEY_INT, TRAIN, AT(dataset.irrelevant), .value = "0", .range = IP_RANGE_IRRELEVANT,
     .unit = "inputs",
     .help = "linear_gaussian: how many of the inputs, the last ones, do not matter for the targets."},
    {"dataset.n_targets", IP_KEY_INT, TRAIN, AT(dataset.n_targets), .value = "1", .range = IP_RANGE_N_TARGETS,
     .help = "linear_gaussian: number of targets."},
    {"dataset.noise", IP_KEY_REAL, TRAIN, AT(dataset.noise), .value = "0.5", .range = IP_RANGE_NOISE,
     .help = "linear_gaussian: standard deviation of the noise on each target."},
    {"dataset.shape", IP_KEY_INTS, TRAIN, LIST_AT(dataset.shape, dataset.n_shape), .value = "[]",
     .range = "[1, 1000000]", .most = 3,
     .help = "Channels, height and width of a sample, for convolution and pooling: [1, 28, 28]; if empty, the shape of "
             "the images of IDX files."},
    {"dataset.split", IP_KEY_CHOICE, TRAIN, AT(dataset.split), .value = "auto", .choices_of = ip_dataset_split_names,
     .help = "How to choose training samples: random, stratified by class, the first ones, or the source's own split; "
             "auto: "
             "the source's split if it has one, else random."},
    {"dataset.train_fraction", IP_KEY_REAL, TRAIN, AT(dataset.train_fraction), .value = "0.8",
     .range = IP_RANGE_TRAIN_FRACTION,
     .help = "Fraction of samples used for training, unless the source defines a split."},
    {"dataset.max_train", IP_KEY_INT, TRAIN, AT(dataset.max_train), .value = "0", .range = IP_RANGE_MAX_SAMPLES,
     .unit = "samples", .help = "Maximum number of training samples; 0: no limit."},
    {"dataset.max_test", IP_KEY_INT, TRAIN, AT(dataset.max_test), .value = "0", .range = IP_RANGE_MAX_SAMPLES,
     .unit = "samples", .help = "Maximum number of test samples; 0: no limit."},
    {"dataset.random_labels", IP_KEY_REAL, TRAIN, AT(dataset.random_labels), .value = "0",
     .range = IP_RANGE_RANDOM_LABELS, .help = "Fraction of training labels replaced by random labels."},
    {"dataset.scale", IP_KEY_CHOICE, TRAIN, AT(dataset.scale), .value = "auto", .choices_of = ip_dataset_scale_names,
     .help = "Scaling of the inputs: none, to [0, 1] (unit), to [-1, 1] (symmetric), or to mean 0 and variance 1 "
             "(standard); "
             "auto: unit for images, else none."},

    /* --- Network */
    {"network.hidden", IP_KEY_INTS, TRAIN, LIST_AT(network.hidden, network.n_hidden), .value = "[10, 7, 5, 4, 3]",
     .range = IP_RANGE_HIDDEN, .most = 64, .unit = "units",
     .help = "Widths of the hidden layers. Input and output widths follow from the data."},
    {"network.layers", IP_KEY_TEXTS, TRAIN, LIST_AT(network.layers, network.n_layers), .value = "[]", .most = 64,
     .help = "The hidden layers one by one, in place of network.hidden: a number of units (a dense layer), "
             "conv:channels=6:kernel=5:stride=1:padding=0, maxpool:size=2:stride=2, avgpool:size=2:stride=2, flatten."},
    {"network.activation", IP_KEY_CHOICE, TRAIN, AT(network.activation), .value = "tanh",
     .choices_of = ip_activation_names, .help = "Activation function of the hidden layers, but not of pooling."},
    {"network.output", IP_KEY_CHOICE, TRAIN, AT(network.output), .value = "softmax", .choices_of = ip_output_names,
     .help = "Output layer with its loss: softmax with cross-entropy, sigmoid with binary cross-entropy, linear with "
             "the squared error (training.squared_error)."},
    {"network.initializer", IP_KEY_CHOICE, TRAIN, AT(network.initializer), .value = "truncated_normal_fan_in",
     .choices_of = ip_initializer_names,
     .help = "Distribution of the hidden layers' initial weights. Biases start at 0, except those of pytorch, the "
             "default of torch.nn.Linear."},
    {"network.output_initializer", IP_KEY_CHOICE, TRAIN, AT(network.output_initializer), .value = "same",
     .choices_of = ip_output_initializer_names, .help = "Distribution of the output layer's initial weights."},
    {"network.layer_norm", IP_KEY_BOOL, TRAIN, AT(network.layer_norm), .value = "false",
     .help =
         "true: layer normalization of hidden layers before their activation function, with trained gains (1 at first) "
         "and shifts, as torch.nn.LayerNorm. Not of layers that vib and nib make noisy."},
    {"network.weight_scale", IP_KEY_REAL, TRAIN, AT(network.weight_scale), .value = "1", .range = IP_RANGE_WEIGHT_SCALE,
     .help = "Factor of all initial weights, and of the initial biases of pytorch."},
    {"network.quantize_bits", IP_KEY_INT, TRAIN, AT(network.quantize_bits), .value = "0",
     .range = IP_RANGE_QUANTIZE_BITS, .unit = "bits",
     .help = "Hidden units have 2^bits equally spaced values, during and after training; 0: not quantized."},
    {"network.quantize_range", IP_KEY_REAL, TRAIN, AT(network.quantize_range), .value = "6",
     .range = IP_RANGE_QUANTIZE_RANGE,
     .help = "Largest value of quantized units with unbounded activation functions (relu, elu, ...); larger values are "
             "clipped."},
    {"network.quantize_output", IP_KEY_BOOL, TRAIN, AT(network.quantize_output), .value = "false",
     .help = "true: the output layer that is logged is quantized too, with network.quantize_bits. Loss, accuracy and "
             "gradients are those of the output before rounding."},
    {"network.noise_variance", IP_KEY_REAL, TRAIN, AT(network.noise_variance), .value = "0",
     .range = IP_RANGE_NOISE_VARIANCE,
     .help = "Variance of Gaussian noise added to every hidden unit, during and after training; 0: none."},
    {"network.multiplicative_noise", IP_KEY_REAL, TRAIN, AT(network.multiplicative_noise), .value = "0",
     .range = IP_RANGE_MULTIPLICATIVE_NOISE,
     .help = "a: every hidden unit is multiplied by 1 + sqrt(a) times standard normal noise (Gaussian dropout), during "
             "and after training; 0: none."},
    {"network.dropout", IP_KEY_REAL, TRAIN, AT(network.dropout), .value = "0", .range = IP_RANGE_DROPOUT,
     .help = "Probability p with which every hidden unit is 0, while others are divided by 1 - p, in training and in "
             "logged activations; loss and accuracy are those without dropout. 0: none."},
    {"network.noise_layers", IP_KEY_INTS, TRAIN, LIST_AT(network.noise_layers, network.n_noise_layers), .value = "[]",
     .range = IP_RANGE_NOISE_LAYERS, .most = 64,
     .help =
         "Numbers (from 1) of the hidden layers that noise_variance, multiplicative_noise or dropout applies to; []: "
         "all."},

    /* --- Training */
    {"training.epochs", IP_KEY_INT, TRAIN, AT(training.epochs), .value = "8000", .range = "[0, 1000000000]",
     .unit = "epochs", .help = "Number of training epochs; 0: training.updates gives the length of training."},
    {"training.updates", IP_KEY_INT, TRAIN, AT(training.updates), .value = "0", .range = "[0, 1000000000000]",
     .unit = "updates",
     .help =
         "Number of updates (batches) to train for, instead of training.epochs; 0: not used. Logged epochs are still "
         "epochs; the last one ends with the last update and may be incomplete."},
    {"training.batch_size", IP_KEY_INT, TRAIN, AT(training.batch_size), .value = "512", .range = "[0, inf)",
     .unit = "samples", .help = "Samples per step; 0: full-batch training. The last batch of an epoch may be smaller."},
    {"training.shuffle", IP_KEY_BOOL, TRAIN, AT(training.shuffle), .value = "false",
     .help = "true: shuffle the samples in every epoch; false: shuffle them once, by the seed."},
    {"training.threads", IP_KEY_INT, SHOW, AT(training.threads), .value = "0", .range = "[0, 1024]", .unit = "threads",
     .help = "Threads that share the wide layers of a run and its estimates; 0: the cores that the sweep leaves idle. "
             "No result depends on it. A sweep is faster with one thread for each of several runs."},
    {"training.optimizer", IP_KEY_CHOICE, TRAIN, AT(training.optimizer), .value = "adam",
     .choices_of = ip_optimizer_names, .help = "Optimization algorithm."},
    {"training.learning_rate", IP_KEY_REAL, TRAIN, AT(training.learning_rate), .value = "0.0004",
     .range = IP_RANGE_LEARNING_RATE, .help = "Learning rate; the largest one of a schedule."},
    {"training.rate_schedule", IP_KEY_CHOICE, TRAIN, AT(training.rate_schedule), .value = "constant",
     .choices_of = ip_rate_schedule_names,
     .help = "Learning rate after the warm-up: constant, multiplied by step_factor every step_every updates, or "
             "decreasing to final_factor times its value along half a cosine until the last update."},
    {"training.warmup", IP_KEY_INT, TRAIN, AT(training.warmup), .value = "0", .range = IP_RANGE_WARMUP,
     .unit = "updates",
     .help = "Updates during which the learning rate increases linearly; update s = 0, 1, ... of W has the fraction "
             "(s + 1) / (W + 1)."},
    {"training.step_every", IP_KEY_INT, TRAIN, AT(training.step_every), .value = "1000", .range = IP_RANGE_STEP_EVERY,
     .unit = "updates",
     .help = "step: updates between two changes of the learning rate, counted from the end of the warm-up."},
    {"training.step_factor", IP_KEY_REAL, TRAIN, AT(training.step_factor), .value = "0.1",
     .range = IP_RANGE_STEP_FACTOR, .help = "step: factor of the learning rate."},
    {"training.final_factor", IP_KEY_REAL, TRAIN, AT(training.final_factor), .value = "0",
     .range = IP_RANGE_FINAL_FACTOR, .help = "cosine: final learning rate as a fraction of training.learning_rate."},
    {"training.momentum", IP_KEY_REAL, TRAIN, AT(training.momentum), .value = "0.9", .range = IP_RANGE_MOMENTUM,
     .help = "momentum: momentum coefficient, the fraction of the previous step that is retained."},
    {"training.beta1", IP_KEY_REAL, TRAIN, AT(training.beta1), .value = "0.9", .range = IP_RANGE_BETA1,
     .help = "adam, adamw: decay rate of the mean gradient."},
    {"training.beta2", IP_KEY_REAL, TRAIN, AT(training.beta2), .value = "0.999", .range = IP_RANGE_BETA2,
     .help = "adam, adamw: decay rate of the mean squared gradient."},
    {"training.epsilon", IP_KEY_REAL, TRAIN, AT(training.epsilon), .value = "1e-8", .range = IP_RANGE_EPSILON,
     .help = "adam, adamw: added to the root of the mean squared gradient."},
    {"training.weight_decay", IP_KEY_REAL, TRAIN, AT(training.weight_decay), .value = "0",
     .range = IP_RANGE_WEIGHT_DECAY,
     .help = "L2 penalty: adds weight_decay/2 times the sum of squared weights to the loss. adamw: decoupled, every "
             "update first multiplies the weights by 1 - learning rate x weight_decay. Biases are excluded."},
    {"training.clip_norm", IP_KEY_REAL, TRAIN, AT(training.clip_norm), .value = "0", .range = IP_RANGE_CLIP_NORM,
     .help =
         "Maximum norm of the gradient of all parameters; a longer one is scaled to it before the update; 0: none."},
    {"training.max_norm", IP_KEY_REAL, TRAIN, AT(training.max_norm), .value = "0", .range = IP_RANGE_MAX_NORM,
     .help = "Maximum norm of the incoming weights of every unit; 0: none."},
    {"training.ema_decay", IP_KEY_REAL, TRAIN, AT(training.ema_decay), .value = "0", .range = IP_RANGE_EMA_DECAY,
     .help =
         "Decay of a running mean of the parameters over updates (EMA); logged activations, loss, accuracy and weight "
         "norms are those of the mean; 0: none."},
    {"training.label_smoothing", IP_KEY_REAL, TRAIN, AT(training.label_smoothing), .value = "0",
     .range = IP_RANGE_LABEL_SMOOTHING,
     .help = "softmax: e in the training targets (1 - e) t + e / (number of classes). Logged losses are those of t."},
    {"training.squared_error", IP_KEY_CHOICE, TRAIN, AT(training.squared_error), .value = "half_sum",
     .choices_of = ip_squared_error_names,
     .help = "linear: half the sum of squared errors over the outputs, or their mean, as torch.nn.MSELoss. Classes are "
             "one-hot targets."},
    {"training.targets", IP_KEY_CHOICE, TRAIN, AT(training.targets), .value = "labels", .choices_of = ip_targets_names,
     .help = "What the outputs are trained on: the labels (or real-valued targets) of the dataset, or its inputs "
             "(autoencoder), with the output linear or sigmoid. Y stays the label."},
    {"training.objective", IP_KEY_CHOICE, TRAIN, AT(training.objective), .value = "cross_entropy",
     .choices_of = ip_objective_names,
     .help =
         "Training objective: the loss of the output layer, or this loss plus beta times a bound on I(X;T) of the last "
         "hidden layer, which is then noisy: vib (variational), nib (kernel), nib_squared (kernel, squared)."},
    {"training.beta", IP_KEY_REAL, TRAIN, AT(training.beta), .value = "0", .range = IP_RANGE_BETA,
     .help =
         "vib, nib, nib_squared: weight of the bound; both terms are in nats. It is 1/beta of the Lagrangian I(X;T) - "
         "beta I(T;Y)."},
    {"training.evaluation_samples", IP_KEY_INT, TRAIN, AT(training.evaluation_samples), .value = "1",
     .range = IP_RANGE_EVALUATION_SAMPLES, .unit = "draws",
     .help = "Number of noise samples over which outputs are averaged to evaluate loss and accuracy."},

    /* --- Estimates */
    {"estimate.bootstrap", IP_KEY_INT, ESTIMATE, AT(estimate.bootstrap), .value = "0", .range = "[0, 1000000]",
     .unit = "resamples",
     .help = "Number of bootstrap resamples for the confidence interval of each estimate; 0: none."},
    {"estimate.null_shuffles", IP_KEY_INT, ESTIMATE, AT(estimate.null_shuffles), .value = "0", .range = "[0, 1000000]",
     .unit = "shuffles",
     .help = "Number of label shuffles for the null distribution of I(T;Y), which shows the estimator's bias under "
             "independence; 0: none."},
    {"estimate.level", IP_KEY_REAL, ESTIMATE, AT(estimate.level), .value = "0.95", .range = "(0, 1)",
     .help = "Confidence level of the intervals."},
    {"estimate.bin_loss", IP_KEY_BOOL, ESTIMATE, AT(estimate.bin_loss), .value = "false",
     .help = "true: also what the bins of each estimator of a discrete T lose of the class that the network predicts, "
             "H(prediction|T)."},

    {"estimate.split", IP_KEY_TEXTS, ESTIMATE, LIST_AT(estimate.split, estimate.n_splits), .value = "[all]", .least = 1,
     .most = 3,
     .help =
         "Logged samples from which estimates are made: all, train, test. Each gives series of its own; their names "
         "end in @train and @test. Needs log.samples: all."},
    {"estimate.samples", IP_KEY_INT, ESTIMATE, AT(estimate.samples), .value = "0", .range = "[0, inf)",
     .unit = "samples",
     .help =
         "Maximum number of samples used for estimates, drawn from the seed and stratified by class, the same number "
         "of training and of test samples; 0: no limit."},

    /* --- Tables */
    {"correlations.by", IP_KEY_TEXTS, SHOW, LIST_AT(correlations.by, correlations.n_by), .value = "[]", .most = 16,
     .help =
         "Swept keys. correlations.csv then also contains the correlations within groups of runs that have the same "
         "values of these keys, pooled over the groups."},

    /* --- Logging */
    {"log.schedule", IP_KEY_CHOICE, TRAIN, AT(log.schedule.kind), .value = "log", .choices_of = ip_schedule_names,
     .help =
         "Which epochs are logged. log: log.count epochs, evenly spaced in the logarithm, without duplicates; "
         "piecewise: "
         "every log.step[k] epochs before log.until[k]; every: every log.every epochs; list: the epochs of log.list. "
         "Epoch e is the state after e epochs, epoch 0 the initial network."},
    {"log.count", IP_KEY_INT, TRAIN, AT(log.schedule.count), .value = "400", .range = "[2, 1000000]", .unit = "epochs",
     .help = "log: number of epochs before duplicates are removed; 400 gives 274 logged epochs of 8000."},
    {"log.every", IP_KEY_INT, TRAIN, AT(log.schedule.every), .value = "5", .range = "[1, inf)", .unit = "epochs",
     .help = "every: interval between logged epochs."},
    {"log.until", IP_KEY_INTS, TRAIN, LIST_AT(log.schedule.until, log.schedule.n_until), .value = "[20, 100, 2000]",
     .range = "[1, inf)", .most = 64, .unit = "epochs",
     .help = "piecewise: epochs at which the interval changes, strictly increasing."},
    {"log.step", IP_KEY_INTS, TRAIN, LIST_AT(log.schedule.step, log.schedule.n_step), .value = "[1, 5, 20, 100]",
     .range = "[1, inf)", .least = 1, .most = 65, .unit = "epochs",
     .help = "piecewise: intervals between logged epochs, one more than log.until has; an epoch is logged if it is a "
             "multiple of the interval."},
    {"log.list", IP_KEY_INTS, TRAIN, LIST_AT(log.schedule.list, log.schedule.n_list), .value = "[]",
     .range = "[0, inf)", .unit = "epochs", .help = "list: the epochs to log, strictly increasing."},
    {"log.final", IP_KEY_BOOL, TRAIN, AT(log.schedule.final), .value = "false",
     .help =
         "Also log the trained network. Otherwise the last logged epoch is at most training.epochs - 1, as in the code "
         "of the papers."},
    {"log.samples", IP_KEY_CHOICE, TRAIN, AT(log.samples), .value = "all", .choices_of = samples_names,
     .help = "Samples whose activations are logged and used for estimates."},
    {"log.max_samples", IP_KEY_INT, TRAIN, AT(log.max_samples), .value = "0", .range = "[0, inf)", .unit = "samples",
     .help = "Maximum number of logged samples, drawn from the seed and stratified by class; of all samples, half are "
             "training and half are test samples, as far as there are enough; 0: no limit."},
    {"log.conv", IP_KEY_CHOICE, TRAIN, AT(log.conv), .value = "flat", .choices_of = ip_positions_names,
     .help = "What is logged of convolution and pooling layers: the units at all positions (flat), or the mean or the "
             "largest unit of each channel (mean, max)."},
    {"log.keep", IP_KEY_CHOICE, SHOW, AT(log.keep), .value = "all", .choices_of = keep_names,
     .help = "Whether the run file keeps its activations after estimation. none saves most of the disk space, but new "
             "estimators then require retraining."},
};

static const ip_key_section sections[] = {
    {"", "The experiment"},    {"dataset", "Data"},        {"network", "Network"}, {"training", "Training"},
    {"estimate", "Estimates"}, {"correlations", "Tables"}, {"log", "Logging"},
};

static const ip_renamed renamed[] = {
    {"network.initialiser", "network.initializer"},     {"network.output_initialiser", "network.output_initializer"},
    {"network.quantise_bits", "network.quantize_bits"}, {"network.quantise_range", "network.quantize_range"},
    {"estimate.null", "estimate.null_shuffles"},        {NULL, NULL},
};

const ip_schema *ip_experiment_schema(void)
{
  static const ip_schema schema = {
      .key = keys,
      .n_keys = sizeof keys / sizeof *keys,
      .section = sections,
      .n_sections = sizeof sections / sizeof *sections,
      .grid = "sweep",
      .renamed = renamed,
      .find_preset = ip_preset_find,
  };
  return &schema;
}

void ip_experiment_help(const char *only, FILE *out)
{
  ip_config_help(ip_experiment_schema(), only, out);
}
